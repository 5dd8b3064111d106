//! The processor's keys.

use slimcol_config::{Problems, Section, Settings};
use slimcol_sampling::{DIGITS, Threshold};

/// How much is sampled, and by what.
#[derive(Clone, Debug)]
pub struct Config {
    /// Of a hundred.
    pub sampling_percentage: f32,
    /// What is hashed along.
    pub hash_seed: u32,
    /// `hash_seed`, `proportional` or `equalizing`
    pub mode: String,
    /// Whether what has no randomness is not sampled.
    pub fail_closed: bool,
    /// The hexadecimal digits of thresholds.
    pub sampling_precision: i64,
    /// `traceID` or `record`
    pub attribute_source: String,
    /// The attribute that is hashed.
    pub from_attribute: String,
    /// The attribute that has a record's own percentage.
    pub sampling_priority: String,
}

impl Settings for Config {
    #[allow(clippy::cast_possible_truncation, reason = "Go's key has 32 bits, and so has its arithmetic")]
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            sampling_percentage: from.get("sampling_percentage", 0.0_f64) as f32,
            hash_seed: from.get("hash_seed", 0),
            mode: from.choice("mode", "", &MODES).to_owned(),
            fail_closed: from.get("fail_closed", true),
            sampling_precision: from.get("sampling_precision", 4),
            attribute_source: from.get("attribute_source", "traceID".to_owned()),
            from_attribute: from.get("from_attribute", String::new()),
            sampling_priority: from.get("sampling_priority", String::new()),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if let Some(message) = rate(self.sampling_percentage) {
            problems.add("sampling_percentage", message);
        }
        let source = &self.attribute_source;
        if !matches!(source.as_str(), "" | "traceID" | "record") {
            let message = format!("invalid attribute source: {source}. Expected: traceID or record");
            problems.add("attribute_source", message);
        }
        match self.sampling_precision {
            ..=0 => problems.add(
                "sampling_precision",
                format!("invalid sampling precision: {}", self.sampling_precision),
            ),
            precision if usize::try_from(precision).is_ok_and(|digits| digits > DIGITS) => {
                let message = format!("sampling precision is too great, should be <= {DIGITS}: {precision}");
                problems.add("sampling_precision", message);
            }
            _ => {}
        }
    }
}

const MODES: [(&str, &str); 4] =
    [("hash_seed", "hash_seed"), ("equalizing", "equalizing"), ("proportional", "proportional"), ("", "")];

/// What is wrong with a percentage.
fn rate(percentage: f32) -> Option<String> {
    if !percentage.is_finite() {
        let text = match percentage {
            f32::INFINITY => "+Inf",
            f32::NEG_INFINITY => "-Inf",
            _ => "NaN",
        };
        return Some(format!("sampling rate is invalid: {text}%"));
    }
    match f64::from(percentage) / 100.0 {
        ratio if ratio < 0.0 => Some(format!("sampling rate is negative: {percentage:.6}%")),
        ratio if ratio > 0.0 && ratio < Threshold::MIN_PROBABILITY => {
            Some(format!("sampling rate is too small: {percentage:e}%"))
        }
        _ => None,
    }
}
