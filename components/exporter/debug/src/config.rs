//! The exporter's keys.

use slimcol_config::{Problems, Section, Settings, Shape, Shown};

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbosity {
    /// Counts.
    Basic,
    /// A line for each item.
    Normal,
    /// All fields.
    Detailed,
}

/// What is shown, and where.
#[derive(Clone, Debug)]
pub struct Config {
    /// How much is shown.
    pub verbosity: Verbosity,
    /// So many equal messages are shown in a second …
    pub sampling_initial: u64,
    /// … and then every so many; zero is none.
    pub sampling_thereafter: u64,
    /// Whether messages are lines of the collector's log.
    pub use_internal_logger: bool,
    /// `stdout`, `stderr` or files; `None` is what is not written.
    pub output_paths: Option<Vec<String>>,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            verbosity: verbosity(from),
            sampling_initial: count(from, "sampling_initial", 2),
            sampling_thereafter: count(from, "sampling_thereafter", 1),
            use_internal_logger: from.get("use_internal_logger", true),
            output_paths: from.find("output_paths"),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        match &self.output_paths {
            Some(_) if self.use_internal_logger => {
                problems
                    .add("output_paths", "output_paths is not supported when use_internal_logger is true");
            }
            Some(paths) if paths.is_empty() => {
                problems
                    .add("output_paths", "output_paths must not be empty when use_internal_logger is false");
            }
            _ => {}
        }
    }
}

/// Reads the key `verbosity`, in whatever case. `none` is a level in Go, but not one that this exporter has.
fn verbosity(from: &mut Section<'_>) -> Verbosity {
    let word = from.find::<String>("verbosity").unwrap_or_else(|| "basic".to_owned());
    from.holds("verbosity", Shape::AnyCase(&["basic", "normal", "detailed"]));
    let (verbosity, shown) = match word.to_lowercase().as_str() {
        "basic" => (Verbosity::Basic, None),
        "normal" => (Verbosity::Normal, Some("Normal")),
        "detailed" => (Verbosity::Detailed, Some("Detailed")),
        "none" | "" => {
            from.error("verbosity", "verbosity level \"None\" is not supported");
            (Verbosity::Basic, None)
        }
        _ => {
            from.error("verbosity", format_args!("unknown metrics level {word:?}"));
            (Verbosity::Basic, None)
        }
    };
    // Go leaves the least level out.
    from.print_as("verbosity", &|| shown.map(Shown::text));
    verbosity
}

/// A number of lines; fewer than none are none.
fn count(from: &mut Section<'_>, key: &'static str, default: i64) -> u64 {
    u64::try_from(from.get(key, default)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    #[test]
    fn defaults_are_gos() {
        let config: Config = from_yaml("{}").unwrap();
        assert_eq!(config.verbosity, Verbosity::Basic);
        assert_eq!((config.sampling_initial, config.sampling_thereafter), (2, 1));
        assert!(config.use_internal_logger && config.output_paths.is_none());
        assert_eq!(from_yaml::<Config>("verbosity: Detailed").unwrap().verbosity, Verbosity::Detailed);
    }

    #[test]
    fn what_is_wrong_is_said_in_gos_words() {
        let cases = [
            ("verbosity: none", "verbosity level \"None\" is not supported"),
            ("verbosity: loud", "unknown metrics level \"loud\""),
            ("output_paths: [stderr]", "output_paths is not supported when use_internal_logger is true"),
            (
                "{use_internal_logger: false, output_paths: []}",
                "output_paths must not be empty when use_internal_logger is false",
            ),
        ];
        for (yaml, expected) in cases {
            let error = from_yaml::<Config>(yaml).err().unwrap_or_default();
            assert!(error.contains(expected), "{yaml}: {error}");
        }
    }
}
