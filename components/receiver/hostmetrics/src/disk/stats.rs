//! What disks did (`/proc/diskstats`).

use crate::number::whole;

/// A disk or a part of one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Disk<'a> {
    pub(super) name: &'a str,
    pub(super) read: Done,
    pub(super) written: Done,
    /// How many operations are under way.
    pub(super) pending: u64,
    /// For how many milliseconds there was something to do.
    pub(super) busy: u64,
    /// The same, as many times as there were operations.
    pub(super) weighted: u64,
}

/// What was read or written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) operations: u64,
    pub(super) merged: u64,
    pub(super) sectors: u64,
    pub(super) millis: u64,
}

/// All disks that ever did something. Lines that are too short are left out.
pub(super) fn disks(text: &str) -> Result<Vec<Disk<'_>>, String> {
    text.lines().filter_map(disk).collect()
}

fn disk(line: &str) -> Option<Result<Disk<'_>, String>> {
    let mut fields = line.split_ascii_whitespace();
    let name = fields.nth(2)?;
    let mut numbers = [0; 11];
    let mut problem = None;
    for number in &mut numbers {
        match whole(fields.next()?) {
            Ok(value) => *number = value,
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    if let Some(problem) = problem {
        return Some(Err(problem));
    }
    let done = |at: usize| Done {
        operations: numbers[at],
        merged: numbers[at + 1],
        sectors: numbers[at + 2],
        millis: numbers[at + 3],
    };
    let [.., pending, busy, weighted] = numbers;
    let did_something = numbers.iter().any(|number| *number > 0);
    did_something.then(|| Ok(Disk { name, read: done(0), written: done(4), pending, busy, weighted }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn disks_that_did_something() {
        let text = "   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n\
                    254 0 vda 1 2 3 4 5 6 7 8 9 10 11 12 13\n254 1 vda1 1 2 3\n";
        let expected = Disk {
            name: "vda",
            read: Done { operations: 1, merged: 2, sectors: 3, millis: 4 },
            written: Done { operations: 5, merged: 6, sectors: 7, millis: 8 },
            pending: 9,
            busy: 10,
            weighted: 11,
        };
        assert_eq!(disks(text), Ok(vec![expected]));
        let error = "strconv.ParseUint: parsing \"x\": invalid syntax";
        assert_eq!(disks("1 1 vdb 1 2 3 4 5 x 7 8 9 10 11\n"), Err(error.into()));
    }

    proptest! {
        #[test]
        fn garbage_is_refused(text in "([0-9 ]{1,9}|[a-z]| |\n){0,30}") {
            let _ = disks(&text);
        }
    }
}
