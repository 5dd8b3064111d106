//! What processors spent their time on (`/proc/stat`).

use crate::number::{of, whole};

/// Time by [`STATES`].
pub(super) type Ticks = [u64; 8];

/// What the time was spent on, in the order in which Go shows it.
pub(super) const STATES: [&str; 8] =
    ["user", "system", "idle", "interrupt", "nice", "softirq", "steal", "wait"];
/// Where in a line of the file each state stands.
const COLUMNS: [usize; 8] = [0, 2, 3, 5, 1, 6, 7, 4];

/// Each processor. Those whose line cannot be read are left out.
pub(super) fn processors(stat: &str) -> impl Iterator<Item = (&str, Ticks)> {
    // The first line is the sum of the others.
    stat.lines().skip(1).take_while(|line| line.starts_with("cpu")).filter_map(processor)
}

fn processor(line: &str) -> Option<(&str, Ticks)> {
    let mut fields = line.split_ascii_whitespace();
    let name = fields.next()?;
    let mut columns = [0; 8];
    for (at, column) in columns.iter_mut().enumerate() {
        match fields.next() {
            Some(field) => *column = whole(field).ok()?,
            // Older kernels do not know of the last one.
            None if at == 7 => {}
            None => return None,
        }
    }
    Some((name, COLUMNS.map(|column| columns[column])))
}

/// What part of the time between two looks each state had.
pub(super) fn parts(before: &Ticks, after: &Ticks) -> [f64; 8] {
    let total = |ticks: &Ticks| ticks.iter().fold(0_u64, |sum, one| sum.saturating_add(*one));
    let passed = total(after).saturating_sub(total(before));
    let mut parts = [0.0; 8];
    if passed > 0 {
        for ((part, before), after) in parts.iter_mut().zip(before).zip(after) {
            // Some counters shrink now and then.
            *part = if after >= before { of(after - before, passed) } else { -of(before - after, passed) };
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STAT: &str = "cpu  8 8 8 8 8 8 8 8 0 0\ncpu0 1 2 3 4 5 6 7 8 9 0\ncpu3 10 20 30 40 50 60 70\n\
                        cpu4 1 2\ncpux 1 a 3 4 5 6 7 8\nintr 9 9 9 9 9 9 9 9\ncpu9 1 2 3 4 5 6 7 8\n";

    #[test]
    fn processors_have_their_numbers() {
        let all: Vec<_> = processors(STAT).collect();
        assert_eq!(all, [("cpu0", [1, 3, 4, 6, 2, 7, 8, 5]), ("cpu3", [10, 30, 40, 60, 20, 70, 0, 50])]);
    }

    #[test]
    #[allow(clippy::float_cmp, reason = "these are exact")]
    fn what_is_used_is_a_part_of_the_time_that_passed() {
        let before = [10; 8];
        assert_eq!(
            parts(&before, &[12, 10, 15, 10, 10, 10, 10, 11]),
            [0.25, 0.0, 0.625, 0.0, 0.0, 0.0, 0.0, 0.125]
        );
        assert_eq!(parts(&before, &before), [0.0; 8]);
        assert_eq!(parts(&before, &[0; 8]), [0.0; 8]);
        assert_eq!(parts(&before, &[13, 10, 10, 10, 10, 10, 10, 9])[7], -0.5);
    }

    proptest! {
        #[test]
        fn garbage_is_left_out(text in "(cpu[0-9]* [0-9 a-z-]{0,40}\n){0,4}", a: [u64; 8], b: [u64; 8]) {
            let _ = processors(&text).count();
            prop_assert!(parts(&a, &b).iter().all(|part| part.is_finite()));
        }
    }
}
