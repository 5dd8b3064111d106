//! What names end with, by unit.

/// The words for a unit: what is counted, and behind a slash what it is divided by (`per_second`).
pub(crate) fn words(unit: &str) -> (&str, String) {
    let (main, per) = unit.split_once('/').unwrap_or((unit, ""));
    // What stands in braces is for people.
    let known = |word: &'_ str| !word.is_empty() && !word.contains(['{', '}']);
    let (main, per) = (main.trim(), per.trim());
    let main = if known(main) { plural(main) } else { "" };
    (main, if known(per) { format!("per_{}", singular(per)) } else { String::new() })
}

/// Units with their words.
const UNITS: [(&str, &str); 25] = [
    ("d", "days"),
    ("h", "hours"),
    ("min", "minutes"),
    ("s", "seconds"),
    ("ms", "milliseconds"),
    ("us", "microseconds"),
    ("ns", "nanoseconds"),
    ("By", "bytes"),
    ("KiBy", "kibibytes"),
    ("MiBy", "mebibytes"),
    ("GiBy", "gibibytes"),
    ("TiBy", "tibibytes"),
    ("KBy", "kilobytes"),
    ("MBy", "megabytes"),
    ("GBy", "gigabytes"),
    ("TBy", "terabytes"),
    ("m", "meters"),
    ("V", "volts"),
    ("A", "amperes"),
    ("J", "joules"),
    ("W", "watts"),
    ("g", "grams"),
    ("Cel", "celsius"),
    ("Hz", "hertz"),
    ("%", "percent"),
];

/// What is divided by, with its word.
const PER: [(&str, &str); 7] = [
    ("s", "second"),
    ("m", "minute"),
    ("h", "hour"),
    ("d", "day"),
    ("w", "week"),
    ("mo", "month"),
    ("y", "year"),
];

fn plural(unit: &str) -> &str {
    // What is a ratio only gauges say.
    if unit == "1" { "" } else { of(&UNITS, unit) }
}

fn singular(unit: &str) -> &str {
    of(&PER, unit)
}

fn of<'u>(table: &[(&str, &'static str)], unit: &'u str) -> &'u str {
    table.iter().find(|(known, _)| *known == unit).map_or(unit, |(_, word)| word)
}

/// The unit that the words of a name stand for: `seconds` is `s`, `meters_per_second` is `m/s`, other words are themselves.
pub fn ucum(words: &str) -> String {
    let unit = |table: &[(&'static str, &str)], word: &str| {
        let found = table.iter().find(|(_, known)| *known == word);
        found.map_or_else(|| word.to_owned(), |(unit, _)| (*unit).to_owned())
    };
    let (main, per) = words.split_once("_per_").unwrap_or((words, ""));
    let main = if main == "ratio" { "1".to_owned() } else { unit(&UNITS, main) };
    if per.is_empty() { main } else { format!("{main}/{}", unit(&PER, per)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_units() {
        for (words, unit) in [
            ("seconds", "s"),
            ("meters_per_second", "m/s"),
            ("bytes_per_foo", "By/foo"),
            ("ratio", "1"),
            ("parsecs", "parsecs"),
            ("", ""),
        ] {
            assert_eq!(ucum(words), unit);
        }
    }
}
