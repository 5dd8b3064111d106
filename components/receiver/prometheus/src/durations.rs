//! Durations as Prometheus writes them: `1h30m`, whole numbers of units in order, days, weeks and years among them.

use std::time::Duration;

use slimcol_config::{Leaf, Node, Shape, Shown};

/// A duration of a Prometheus configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PromDuration(pub(crate) Duration);

const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 24 * 3_600_000),
    ("w", 7 * 24 * 3_600_000),
    ("d", 24 * 3_600_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
];

impl PromDuration {
    pub(crate) const fn secs(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// Reads a duration; the errors are Prometheus'.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "" => return Err("empty duration string".into()),
            "0" => return Ok(Self::default()),
            _ => {}
        }
        let wrong = || format!("not a valid duration string: {text:?}");
        let (mut rest, mut least, mut total) = (text, 0, 0u64);
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
            let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
            rest = &rest[digits..];
            let unit = &rest[..rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len())];
            let nth = UNITS.iter().position(|(name, _)| *name == unit).ok_or_else(wrong)?;
            if nth < least {
                return Err(wrong());
            }
            least = nth + 1;
            rest = &rest[unit.len()..];
            let millis = number.checked_mul(UNITS[nth].1).and_then(|millis| total.checked_add(millis));
            // What Go's durations hold, some 292 years.
            total = millis.filter(|millis| *millis <= 9_223_372_036_854).ok_or("duration out of range")?;
        }
        Ok(Self(Duration::from_millis(total)))
    }
}

impl std::fmt::Display for PromDuration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut rest = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        if rest == 0 {
            return f.write_str("0s");
        }
        for (name, size) in UNITS {
            // Years, weeks and days only where nothing is left of them.
            if matches!(name, "y" | "w" | "d") && rest % size != 0 {
                continue;
            }
            let count = rest / size;
            if count > 0 {
                write!(f, "{count}{name}")?;
                rest -= count * size;
            }
        }
        Ok(())
    }
}

impl Leaf for PromDuration {
    const SHAPE: Shape = Shape::Text;

    fn leaf(node: &Node) -> Result<Self, String> {
        Self::parse(&node.scalar_text().unwrap_or_default())
    }

    fn show(&self) -> Shown {
        Shown::text(self.to_string())
    }
}

/// A text that may be written as a number or as a truth value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Scalar(pub(crate) String);

impl Leaf for Scalar {
    const SHAPE: Shape = Shape::Any;

    fn leaf(node: &Node) -> Result<Self, String> {
        let text = node.as_str().map(str::to_owned).or_else(|| node.scalar_text());
        text.map(Self)
            .ok_or_else(|| format!("expected type 'string', got unconvertible type '{}'", node.go_type()))
    }

    fn show(&self) -> Shown {
        Shown::text(&self.0)
    }

    fn zero() -> Option<Self> {
        Some(Self::default())
    }
}

/// A size of a Prometheus configuration: `10MB` is 10 · 2^20 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) usize);

impl Leaf for Bytes {
    const SHAPE: Shape = Shape::Any;

    fn leaf(node: &Node) -> Result<Self, String> {
        let text = node.scalar_text().unwrap_or_default();
        let wrong = || format!("units: invalid {text}");
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let number: usize = text[..digits].parse().map_err(|_| wrong())?;
        let power = match &text[digits..] {
            "" if number == 0 => 0,
            "B" => 0,
            "KB" | "KiB" => 1,
            "MB" | "MiB" => 2,
            "GB" | "GiB" => 3,
            "TB" | "TiB" => 4,
            "PB" | "PiB" => 5,
            _ => return Err(wrong()),
        };
        number.checked_mul(1 << (10 * power)).map(Self).ok_or_else(wrong)
    }

    fn show(&self) -> Shown {
        Shown::text(format!("{}B", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_prometheus_own() {
        for (text, millis, shown) in [
            ("0", 0, "0s"),
            ("5s", 5000, "5s"),
            ("1h30m", 5_400_000, "1h30m"),
            ("1d", 86_400_000, "1d"),
            ("90s", 90_000, "1m30s"),
            ("250ms", 250, "250ms"),
            ("2w", 1_209_600_000, "2w"),
            ("25h", 90_000_000, "25h"),
        ] {
            let duration = PromDuration::parse(text).unwrap();
            assert_eq!((duration.0.as_millis(), duration.to_string()), (millis, shown.to_owned()));
        }
        for text in ["5", "1.5s", "1s1m", "-1s", "1x", "1 s", "s"] {
            let error = PromDuration::parse(text).unwrap_err();
            assert_eq!(error, format!("not a valid duration string: {text:?}"));
        }
        assert_eq!(PromDuration::parse("").unwrap_err(), "empty duration string");
        assert_eq!(PromDuration::parse("999999y").unwrap_err(), "duration out of range");
    }
}
