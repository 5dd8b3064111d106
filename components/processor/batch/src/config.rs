//! The processor's keys.

use slimcol_config::{Duration, Problems, Section, Settings};

/// When a batch is sent, how large it may be, and what may not share one.
#[derive(Clone, Debug)]
pub struct Config {
    /// How long data waits at most; zero sends each request on at once.
    pub timeout: Duration,
    /// A batch of so many spans, data points or log records is sent at once; zero sends each request on at once.
    pub send_batch_size: u32,
    /// A larger batch is cut; zero is never.
    pub send_batch_max_size: u32,
    /// Request headers; requests with different values go to different batches, which keep these headers.
    pub metadata_keys: Vec<String>,
    /// How many combinations of values there may be; zero is without limit.
    pub metadata_cardinality_limit: u32,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            timeout: from.get("timeout", Duration::millis(200)),
            send_batch_size: from.get("send_batch_size", 8192),
            send_batch_max_size: from.get("send_batch_max_size", 0),
            metadata_keys: from.get("metadata_keys", Vec::new()),
            metadata_cardinality_limit: from.get("metadata_cardinality_limit", 1000),
        }
    }

    /// Like Go, reports the first problem only.
    fn validate(&self, problems: &mut Problems<'_>) {
        if self.send_batch_max_size > 0 && self.send_batch_max_size < self.send_batch_size {
            let message = "send_batch_max_size must be greater or equal to send_batch_size";
            problems.add("send_batch_max_size", message);
        } else if let Some(twice) = repeated(&self.metadata_keys) {
            let message = format_args!("duplicate entry in metadata_keys: {twice:?} (case-insensitive)");
            problems.add("metadata_keys", message);
        } else if self.timeout.is_negative() {
            problems.add("timeout", "timeout must be greater or equal to 0");
        }
    }
}

/// The first key, in lower case, that stands twice whatever its case.
fn repeated(keys: &[String]) -> Option<String> {
    let lower: Vec<String> = keys.iter().map(|key| key.to_lowercase()).collect();
    (1..lower.len()).find(|i| lower[..*i].contains(&lower[*i])).map(|i| lower[i].clone())
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    #[test]
    fn defaults_are_gos() {
        let config: Config = from_yaml("").unwrap();
        assert_eq!(config.timeout, Duration::millis(200));
        assert_eq!((config.send_batch_size, config.send_batch_max_size), (8192, 0));
        assert_eq!((config.metadata_keys.len(), config.metadata_cardinality_limit), (0, 1000));
    }

    #[test]
    fn what_is_wrong_is_said_in_gos_words() {
        let cases = [
            (
                "{send_batch_max_size: 5, send_batch_size: 10}",
                "send_batch_max_size must be greater or equal to send_batch_size",
            ),
            ("metadata_keys: [a, b, A]", "duplicate entry in metadata_keys: \"a\" (case-insensitive)"),
            ("timeout: -1s", "timeout must be greater or equal to 0"),
            ("send_batch_size: -1", "'send_batch_size' cannot parse value as 'uint32': -1 overflows uint"),
            ("send_batch_sizes: 1", "send_batch_sizes"),
        ];
        for (yaml, expected) in cases {
            let error = from_yaml::<Config>(yaml).unwrap_err();
            assert!(error.contains(expected), "{yaml}: {error}");
        }
    }
}
