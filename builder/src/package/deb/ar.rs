//! The archive that a `.deb` is: members one after the other, each behind a line of 60 characters.

/// An archive of `members`, each a name of at most 15 characters and its data, all of the same time.
pub(super) fn archive(members: &[(&str, &[u8])], time: u64) -> Vec<u8> {
    let mut archive = b"!<arch>\n".to_vec();
    for (name, data) in members {
        let line = format!("{name:<16}{time:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, "100644", data.len());
        archive.extend(line.as_bytes());
        archive.extend(*data);
        // A member begins at an even offset.
        if data.len() % 2 == 1 {
            archive.push(b'\n');
        }
    }
    archive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_begin_at_even_offsets() {
        let bytes = archive(&[("a", b"odd"), ("b", b"even")], 9);
        let text = String::from_utf8(bytes).unwrap();
        let a = "a               9           0     0     100644  3         `\nodd\n";
        let b = "b               9           0     0     100644  4         `\neven";
        assert_eq!(text, format!("!<arch>\n{a}{b}"));
    }
}
