//! What a release weighs.

use std::fmt::{self, Write as _};

use crate::report::{Artifact, megabytes};

/// A distribution in the table: its name, and its artifacts that people download.
#[derive(Debug)]
pub(super) struct Row {
    name: String,
    /// Kind, bytes and remark.
    parts: Vec<(&'static str, u64, Option<String>)>,
}

/// The kinds that are weighed, with their columns' titles.
const COLUMNS: [(&str, &str); 5] =
    [("binary", "binary"), ("image", "image"), ("deb", ".deb"), ("rpm", ".rpm"), ("tar.gz", ".tar.gz")];

impl Row {
    /// The row of distribution `name`, of which `made` was made.
    pub(super) fn of(name: &str, made: &[Artifact]) -> Self {
        let weighed = made.iter().filter(|artifact| COLUMNS.iter().any(|(kind, _)| *kind == artifact.kind));
        let parts = weighed.map(|artifact| (artifact.kind, artifact.bytes, artifact.remark.clone()));
        Self { name: name.to_owned(), parts: parts.collect() }
    }

    /// The sizes of one kind: one, or with several targets as many.
    fn cell(&self, kind: &str) -> String {
        let of_kind = self.parts.iter().filter(|(of, ..)| *of == kind);
        of_kind.map(|(_, bytes, _)| megabytes(*bytes)).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        for (i, (kind, bytes, remark)) in self.parts.iter().enumerate() {
            write!(f, "{} {kind} {}", if i == 0 { ":" } else { "," }, megabytes(*bytes))?;
            if let Some(remark) = remark.as_ref().filter(|_| *kind == "binary") {
                write!(f, " {remark}")?;
            }
        }
        Ok(())
    }
}

/// All rows as a Markdown table.
pub(super) fn markdown(rows: &[(String, Row)]) -> String {
    let titles = COLUMNS.map(|(_, title)| title).join(" | ");
    let mut text = format!("| distribution | {titles} |\n|---{}|\n", "|---:".repeat(COLUMNS.len()));
    for (manifest, row) in rows {
        let cells = COLUMNS.map(|(kind, _)| row.cell(kind)).join(" | ");
        let _ = writeln!(text, "| `{}` ({manifest}) | {cells} |", row.name);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_table_has_what_people_download() {
        let made = [
            Artifact::new("binary", Path::new("/a"), &vec![0; 30_000]).with("(Go: 27.74 MB)".to_owned()),
            Artifact::new("sums", Path::new("/s"), &vec![0; 30_000]),
            Artifact::new("deb", Path::new("/d"), &vec![0; 20_000]),
        ];
        let row = Row::of("otelcol-a", &made);
        assert_eq!(row.to_string(), "otelcol-a: binary 0.03 MB (Go: 27.74 MB), deb 0.02 MB");
        assert_eq!(
            markdown(&[("a".to_owned(), row)]),
            "| distribution | binary | image | .deb | .rpm | .tar.gz |\n|---|---:|---:|---:|---:|---:|\n\
             | `otelcol-a` (a) | 0.03 MB |  | 0.02 MB |  |  |\n"
        );
    }
}
