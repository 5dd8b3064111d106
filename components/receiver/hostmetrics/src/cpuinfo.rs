//! What kind of processors there are (`/proc/cpuinfo`).

use std::collections::BTreeMap;

/// How many can be told apart by their number, if any.
pub(crate) fn logical(info: &str) -> Option<usize> {
    let is_one = |(key, value): &(&str, &str)| {
        key.get(..9).is_some_and(|key| key.eq_ignore_ascii_case("processor")) && value.parse::<i32>().is_ok()
    };
    Some(fields(info).filter(is_one).count()).filter(|count| *count > 0)
}

/// How many cores all chips have together.
pub(crate) fn cores(info: &str) -> usize {
    let (mut chip, mut cores) = (None, None);
    let mut chips = BTreeMap::new();
    // A line without a key ends a processor.
    for line in info.lines() {
        match field(line) {
            None if line.trim().is_empty() => {
                if let (Some(chip), Some(cores)) = (chip.take(), cores.take()) {
                    chips.insert(chip, cores);
                }
            }
            Some(("physical id", value)) => chip = value.parse::<u32>().ok(),
            Some(("cpu cores", value)) => cores = value.parse::<u32>().ok(),
            _ => {}
        }
    }
    chips.values().map(|cores| *cores as usize).sum()
}

/// The frequency of each in Hz, zero where it is not told.
pub(crate) fn frequencies(info: &str) -> Vec<(String, f64)> {
    let mut all: Vec<(String, f64)> = Vec::new();
    for (key, value) in fields(info) {
        match key {
            "processor" => all.push((format!("cpu{value}"), 0.0)),
            "cpu MHz" | "cpu MHz dynamic" => {
                if let (Some((_, hertz)), Ok(megahertz)) = (all.last_mut(), value.parse::<f64>()) {
                    *hertz = megahertz * 1e6;
                }
            }
            _ => {}
        }
    }
    all
}

fn fields(info: &str) -> impl Iterator<Item = (&str, &str)> {
    info.lines().filter_map(field)
}

fn field(line: &str) -> Option<(&str, &str)> {
    line.split_once(':').map(|(key, value)| (key.trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const INFO: &str = "processor\t: 0\nmodel name\t: AMD EPYC\ncpu MHz\t\t: 2450.000\nphysical id\t: 0\ncpu cores\t: 2\n\n\
                        processor\t: 1\ncpu MHz\t\t: 1500.5\nphysical id\t: 0\ncpu cores\t: 2\n\n\
                        processor\t: 2\nphysical id\t: 1\ncpu cores\t: 1\n\n";

    #[test]
    fn processors_are_counted() {
        assert_eq!(logical(INFO), Some(3));
        assert_eq!(cores(INFO), 3);
        let expected = [("cpu0", 2.45e9), ("cpu1", 1500.5e6), ("cpu2", 0.0)];
        assert_eq!(frequencies(INFO), expected.map(|(name, hertz)| (name.to_owned(), hertz)));
        assert_eq!((logical("x: y\n"), cores("")), (None, 0));
    }

    proptest! {
        #[test]
        fn garbage_is_left_out(text in "(processor|cpu MHz|cpu cores|physical id|\n|:| |[0-9a-zé]){0,60}") {
            let _ = (logical(&text), cores(&text), frequencies(&text));
        }
    }
}
