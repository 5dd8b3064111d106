//! Numbers, as Go reads and Prometheus writes them.

/// The one NaN that values have.
const NAN: f64 = f64::from_bits(0x7ff8_0000_0000_0001);

/// A number in the format of Go before 1.13. The error is Go's.
pub fn parse(text: &[u8]) -> Result<f64, String> {
    if let Some(number) = plain(text) {
        return Ok(number);
    }
    match std::str::from_utf8(text) {
        Ok(text) => slow(text),
        Err(_) => Err(invalid(&String::from_utf8_lossy(text), "invalid syntax")),
    }
}

/// The powers of ten that a float holds exactly, as far as they are needed.
const POWERS: [f64; 16] =
    [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// Most numbers of most pages: digits, perhaps a point, and few enough of them to be exact: what is divided is right then.
#[inline]
#[allow(clippy::cast_precision_loss, reason = "fifteen digits are exact")]
fn plain(text: &[u8]) -> Option<f64> {
    if text.is_empty() || text.len() > 16 {
        return None;
    }
    let (mut number, mut digits, mut behind) = (0u64, 0, None);
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            number = number * 10 + u64::from(digit);
            digits += 1;
        } else if *byte == b'.' && behind.is_none() {
            behind = Some(digits);
        } else {
            return None;
        }
    }
    if digits == 0 || digits > 15 {
        return None;
    }
    let number = number as f64;
    Some(behind.map_or(number, |before: usize| number / POWERS[digits - before]))
}

/// A number that [`plain`] reads, and behind it the end of the line; how many bytes that are.
#[inline]
#[allow(clippy::cast_precision_loss, reason = "fifteen digits are exact")]
pub(crate) fn line(text: &[u8]) -> Option<(f64, usize)> {
    let (mut number, mut point) = (0u64, None);
    for (at, byte) in text.iter().enumerate().take(17) {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
        } else if *byte == b'\n' {
            let digits = at - usize::from(point.is_some());
            if digits == 0 || digits > 15 {
                return None;
            }
            let number = number as f64;
            return Some((point.map_or(number, |before: usize| number / POWERS[digits - before]), at + 1));
        } else if *byte == b'.' && point.is_none() {
            point = Some(at);
        } else {
            return None;
        }
    }
    None
}

fn slow(text: &str) -> Result<f64, String> {
    if text.contains(['p', 'P', '_']) {
        return Err("unsupported character in float".to_owned());
    }
    let unsigned = text.trim_start_matches(['+', '-']);
    if unsigned.eq_ignore_ascii_case("nan") {
        return if unsigned.len() == text.len() { Ok(NAN) } else { Err(invalid(text, "invalid syntax")) };
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(number) if unsigned.starts_with(['i', 'I']) => Ok(number),
        Ok(_) => Err(invalid(text, "value out of range")),
        Err(_) => Err(invalid(text, "invalid syntax")),
    }
}

fn invalid(text: &str, why: &str) -> String {
    format!("strconv.ParseFloat: parsing {text:?}: {why}")
}
