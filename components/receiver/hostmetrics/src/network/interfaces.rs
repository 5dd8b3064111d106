//! What went through network interfaces (`/proc/net/dev`).

use crate::number::whole;

/// A network interface.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Interface<'a> {
    pub(super) name: &'a str,
    pub(super) received: Moved,
    pub(super) sent: Moved,
}

/// What went one way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) bytes: u64,
    pub(super) packets: u64,
    pub(super) errors: u64,
    pub(super) dropped: u64,
}

/// All interfaces. Lines that are too short are left out.
pub(super) fn interfaces(text: &str) -> Result<Vec<Interface<'_>>, String> {
    let lines = text.lines().count();
    if lines < 2 {
        return Err(format!("malformed net/dev: expected at least 2 header lines, got {lines}"));
    }
    text.lines().skip(2).filter_map(interface).collect()
}

fn interface(line: &str) -> Option<Result<Interface<'_>, String>> {
    // Names of older kernels' aliases have colons in them.
    let (name, numbers) = line.rsplit_once(':')?;
    let name = Some(name.trim()).filter(|name| !name.is_empty())?;
    let numbers: Vec<&str> = numbers.split_ascii_whitespace().collect();
    let (received, sent) = (numbers.get(..4)?, numbers.get(8..12)?);
    // Who counts fewer is no kernel that is known.
    numbers.get(12)?;
    let both = moved(received).and_then(|received| Ok((received, moved(sent)?)));
    Some(both.map(|(received, sent)| Interface { name, received, sent }))
}

fn moved(fields: &[&str]) -> Result<Moved, String> {
    let at = |at: usize| whole(fields.get(at).copied().unwrap_or_default());
    Ok(Moved { bytes: at(0)?, packets: at(1)?, errors: at(2)?, dropped: at(3)? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEAD: &str = "Inter-|   Receive\n face |bytes\n";

    #[test]
    fn both_ways_are_counted() {
        let text = format!("{HEAD}  eth0:1:  1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n lo: 1 2\n:\n");
        let expected = Interface {
            name: "eth0:1",
            received: Moved { bytes: 1, packets: 2, errors: 3, dropped: 4 },
            sent: Moved { bytes: 9, packets: 10, errors: 11, dropped: 12 },
        };
        assert_eq!(interfaces(&text), Ok(vec![expected]));
        assert!(interfaces(&text.replace(" 11 ", " -1 ")).is_err());
        assert_eq!(interfaces(""), Err("malformed net/dev: expected at least 2 header lines, got 0".into()));
    }

    proptest! {
        #[test]
        fn garbage_is_refused(text in "(:|\n| |[0-9]{1,22}|[a-z]){0,60}") {
            let _ = interfaces(&format!("{HEAD}{text}"));
        }
    }
}
