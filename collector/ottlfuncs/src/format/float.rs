//! Numbers with a fraction, as Go's `strconv` writes them.

/// `value` in the form of the verb, with so many digits (the shortest that tell it, if not said).
pub(crate) fn text(value: f64, verb: char, precision: Option<usize>) -> String {
    if !value.is_finite() {
        let sign = if value < 0.0 { "-Inf" } else { "+Inf" };
        return if value.is_nan() { "NaN" } else { sign }.to_owned();
    }
    let text = match verb {
        'e' | 'E' => scientific(value, precision),
        'f' | 'F' => match precision {
            Some(precision) => format!("{value:.precision$}"),
            None => value.to_string(),
        },
        _ => general(value, precision),
    };
    if matches!(verb, 'E' | 'G') { text.to_ascii_uppercase() } else { text }
}

/// `1.5e+06`
fn scientific(value: f64, precision: Option<usize>) -> String {
    let text = match precision {
        Some(precision) => format!("{value:.precision$e}"),
        None => format!("{value:e}"),
    };
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let (sign, exponent) =
                exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
            format!("{digits}e{sign}{exponent:0>2}")
        }
        None => text,
    }
}

/// The shortest form has an exponent from this one on.
const SHORTEST: i64 = 6;

/// With an exponent where the number is very small or large, else without; in both cases without zeros at the end.
fn general(value: f64, precision: Option<usize>) -> String {
    let digits = precision.map(|precision| precision.max(1));
    let text = scientific(value, digits.map(|digits| digits - 1));
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let mantissa = match mantissa.split_once('.') {
        Some((whole, fraction)) => match fraction.trim_end_matches('0') {
            "" => whole.to_owned(),
            fraction => format!("{whole}.{fraction}"),
        },
        None => mantissa.to_owned(),
    };
    let power: i64 = exponent.parse().unwrap_or_default();
    let count = i64::try_from(mantissa.bytes().filter(u8::is_ascii_digit).count()).unwrap_or(i64::MAX);
    let limit = match digits.map(|digits| i64::try_from(digits).unwrap_or(i64::MAX)) {
        Some(digits) if digits > count && count > power => count,
        Some(digits) => digits,
        None => SHORTEST,
    };
    if power < -4 || power >= limit {
        return format!("{mantissa}e{exponent}");
    }
    let decimals = usize::try_from(count - 1 - power).unwrap_or(0);
    format!("{value:.decimals$}")
}
