//! The room for what does not fit into memory (`/proc/swaps`).

use crate::number::whole;

/// A device or file, in bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Swap<'a> {
    pub(super) name: &'a str,
    pub(super) size: u64,
    pub(super) used: u64,
}

/// Columns that are known, and where they stand.
const COLUMNS: [(usize, &str); 3] = [(0, "Filename"), (2, "Size"), (3, "Used")];
const FILE: &str = "\"/proc/swaps\"";

/// All of them.
pub(super) fn swaps(text: &str) -> Result<Vec<Swap<'_>>, String> {
    let mut lines = text.lines();
    let head = columns(lines.next().ok_or_else(|| format!("unexpected end-of-file in {FILE}"))?, "header")?;
    for (at, name) in COLUMNS {
        if head[at] != name {
            return Err(format!("couldn't parse {FILE}: expected {:?} to be {name:?}", head[at]));
        }
    }
    lines.map(swap).collect()
}

fn swap(line: &str) -> Result<Swap<'_>, String> {
    let [name, _, size, used] = columns(line, "row")?;
    let bytes = |what: &str, text: &str| {
        let kilobytes =
            whole(text).map_err(|error| format!("couldn't parse '{what}' column in {FILE}: {error}"))?;
        Ok::<_, String>(kilobytes.saturating_mul(1024))
    };
    Ok(Swap { name, size: bytes("Size", size)?, used: bytes("Used", used)? })
}

fn columns<'a>(line: &'a str, what: &str) -> Result<[&'a str; 4], String> {
    let all: Vec<&str> = line.split_ascii_whitespace().collect();
    let first = all.first_chunk();
    first.copied().ok_or_else(|| {
        format!("couldn't parse {FILE}: expected ≥4 fields in {what} but got [{}]", all.join(" "))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEAD: &str = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

    #[test]
    fn devices_have_their_sizes() {
        let text = format!("{HEAD}/swapfile   file\t\t8\t\t2\t\t-2\n/dev/zram0 partition 1 0 100\n");
        let expected = [
            Swap { name: "/swapfile", size: 8192, used: 2048 },
            Swap { name: "/dev/zram0", size: 1024, used: 0 },
        ];
        assert_eq!(swaps(&text), Ok(expected.into()));
        assert_eq!(swaps(HEAD), Ok(vec![]));
    }

    #[test]
    fn what_is_no_such_table_is_refused_in_gos_words() {
        for (text, error) in [
            ("", "unexpected end-of-file in \"/proc/swaps\""),
            ("Filename", "couldn't parse \"/proc/swaps\": expected ≥4 fields in header but got [Filename]"),
            ("Name Type Size Used", "couldn't parse \"/proc/swaps\": expected \"Name\" to be \"Filename\""),
            (
                "Filename Type Size Used\na b c 1",
                "couldn't parse 'Size' column in \"/proc/swaps\": strconv.ParseUint: parsing \"c\": invalid syntax",
            ),
        ] {
            assert_eq!(swaps(text), Err(error.into()));
        }
    }

    proptest! {
        #[test]
        fn garbage_is_refused(text in "(Filename Type Size Used\n)?([0-9]{1,22}|[a-z]| |\n){0,20}") {
            let _ = swaps(&text);
        }
    }
}
