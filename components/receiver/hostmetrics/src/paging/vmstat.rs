//! What moved between memory and disks (`/proc/vmstat`).

use crate::number::whole;

/// Bytes as Go shows them: whatever the kernel counts is taken for pages of 4 KiB.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Moves {
    pub(super) swapped_in: u64,
    pub(super) swapped_out: u64,
    pub(super) paged_in: u64,
    pub(super) paged_out: u64,
    pub(super) faults: u64,
    pub(super) major_faults: u64,
}

/// All that is there; what cannot be read is zero.
pub(super) fn moves(text: &str) -> Moves {
    let mut moves = Moves::default();
    for line in text.lines() {
        let mut fields = line.split_ascii_whitespace();
        let to = match fields.next() {
            Some("pswpin") => &mut moves.swapped_in,
            Some("pswpout") => &mut moves.swapped_out,
            Some("pgpgin") => &mut moves.paged_in,
            Some("pgpgout") => &mut moves.paged_out,
            Some("pgfault") => &mut moves.faults,
            Some("pgmajfault") => &mut moves.major_faults,
            _ => continue,
        };
        if let Some(Ok(pages)) = fields.next().map(whole) {
            *to = pages.wrapping_mul(4096);
        }
    }
    moves
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pages_are_bytes() {
        let text = "nr_free_pages 5\npgpgin 1\npgpgout 2\npswpin 3\npswpout 4\npgfault 5\npgmajfault x\npgmajfault\n";
        let expected = Moves {
            swapped_in: 3 * 4096,
            swapped_out: 4 * 4096,
            paged_in: 4096,
            paged_out: 2 * 4096,
            faults: 5 * 4096,
            major_faults: 0,
        };
        assert_eq!(moves(text), expected);
    }

    proptest! {
        #[test]
        fn garbage_is_left_out(text in "(pgfault|pswpin|[0-9]{1,22}| |\n){0,20}") {
            moves(&text);
        }
    }
}
