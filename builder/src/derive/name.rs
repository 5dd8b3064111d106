//! What a distribution is called that nobody named: after its Kubernetes object or its file.

use std::path::{Path, PathBuf};

use super::content::Found;

/// Names of files that say nothing.
const EMPTY: [&str; 12] = [
    "collector",
    "collector-config",
    "config",
    "configuration",
    "otel",
    "otel-collector",
    "otel-collector-config",
    "otel-config",
    "otelcol",
    "otelcol-config",
    "relay",
    "values",
];

/// What a distribution is called when there is nothing to name it after; ocb's word.
const FALLBACK: &str = "otelcol-custom";

/// The name: what the user says, else the object's, else the first file's.
pub(super) fn chosen<'f>(
    given: Option<&str>,
    files: &[PathBuf],
    found: impl IntoIterator<Item = &'f Found>,
) -> String {
    if let Some(name) = given {
        return name.to_owned();
    }
    let object = found.into_iter().find_map(|found| found.name.as_deref()).map(usable);
    let file = || files.first().and_then(|file| of_file(file));
    object.filter(|name| !name.is_empty()).or_else(file).unwrap_or_else(|| FALLBACK.to_owned())
}

fn of_file(file: &Path) -> Option<String> {
    if file.starts_with("/dev") || file.starts_with("/proc") {
        return None;
    }
    let name = usable(&file.file_stem()?.to_string_lossy());
    (!name.is_empty() && !EMPTY.contains(&&*name.replace('_', "-"))).then_some(name)
}

/// What can be a binary's name of `text`.
fn usable(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = text.chars().map(plain).collect();
    name.trim_start_matches(['-', '_', '.']).trim_end_matches(['-', '.']).chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_files_that_say_something() {
        for (files, expected) in [
            (&["dir/trace-collector.yaml"][..], "trace-collector"),
            (&["edge.prod.yaml", "x.yaml"], "edge.prod"),
            (&["My Collector (1).yml"], "My-Collector--1"),
            (&["config.yaml"], "otelcol-custom"),
            (&["otel_collector_config.yaml"], "otelcol-custom"),
            (&["-"], "otelcol-custom"),
            (&["/dev/stdin"], "otelcol-custom"),
            (&[".yaml"], "yaml"),
        ] {
            let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
            assert_eq!(chosen(None, &files, []), expected);
        }
        assert_eq!(chosen(Some("mine"), &["a.yaml".into()], []), "mine");
    }
}
