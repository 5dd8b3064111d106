//! The time of a line: `2006-01-02T15:04:05.000Z`, UTC.

use std::{fmt::Write, time::SystemTime};

use crate::Utc;

/// Appends `time`; a clock before 1970 reads as 1970.
pub(super) fn write(to: &mut String, time: SystemTime) {
    let Utc { year, month, day, hour, minute, second, nanos } = Utc::from(time);
    let millis = nanos / 1_000_000;
    // Writing to a String cannot fail.
    let _ = write!(to, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z");
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn known_moments() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (1_544_712_660_300, "2018-12-13T14:51:00.300Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (4_102_444_800_001, "2100-01-01T00:00:00.001Z"),
        ] {
            let mut line = String::new();
            write(&mut line, UNIX_EPOCH + Duration::from_millis(millis));
            assert_eq!(line, text);
        }
    }
}
