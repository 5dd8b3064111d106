//! Converters of instants and lengths of time.

use slimcol_timeformat::{Reading, Time, Zone};

use super::define::{converter, may_take, takes};
use crate::{
    fault::Fault,
    function::{Args, Function, Takes},
    value::{Value, float},
};

pub(super) const FUNCTIONS: &[Function] = &[
    converter!("Now", [], |_| Ok(Value::Zoned(Box::new(Time::now())))),
    converter!("Unix", [takes("seconds", Takes::Int), may_take("nanoseconds", Takes::Int)], unix),
    converter!("UnixNano", [takes("time", Takes::Time)], |args| since(args, 1)),
    converter!("UnixMicro", [takes("time", Takes::Time)], |args| since(args, 1_000)),
    converter!("UnixMilli", [takes("time", Takes::Time)], |args| since(args, 1_000_000)),
    converter!("UnixSeconds", [takes("time", Takes::Time)], |args| since(args, 1_000_000_000)),
    converter!("Year", [takes("time", Takes::Time)], |args| shown(args, |reading| reading.year)),
    converter!("Month", [takes("time", Takes::Time)], |args| shown(args, |reading| reading.month)),
    converter!("Day", [takes("time", Takes::Time)], |args| shown(args, |reading| reading.day)),
    converter!("Hour", [takes("time", Takes::Time)], |args| shown(args, |reading| reading.hour)),
    converter!("Minute", [takes("time", Takes::Time)], |args| shown(args, |reading| reading.minute)),
    converter!("Second", [takes("time", Takes::Time)], |args| shown(args, |reading| reading.second)),
    converter!("Weekday", [takes("time", Takes::Time)], |args| shown(args, |reading| reading.weekday)),
    converter!("Nanosecond", [takes("time", Takes::Time)], |args| Ok(i64::from(args.time(0)?.nanos).into())),
    converter!("TruncateTime", [takes("time", Takes::Time), takes("duration", Takes::Duration)], truncate),
    converter!("Duration", [takes("duration", Takes::Text)], duration),
    converter!("Hours", [takes("duration", Takes::Duration)], |args| fraction(args, 3_600_000_000_000)),
    converter!("Minutes", [takes("duration", Takes::Duration)], |args| fraction(args, 60_000_000_000)),
    converter!("Seconds", [takes("duration", Takes::Duration)], |args| fraction(args, 1_000_000_000)),
    converter!("Milliseconds", [takes("duration", Takes::Duration)], |args| Ok((args.duration(0)?
        / 1_000_000)
        .into())),
    converter!("Microseconds", [takes("duration", Takes::Duration)], |args| Ok(
        (args.duration(0)? / 1_000).into()
    )),
    converter!("Nanoseconds", [takes("duration", Takes::Duration)], |args| Ok(args.duration(0)?.into())),
];

fn unix(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let nanos = if args.call.has(1) { args.int(1)? } else { 0 };
    Ok(Value::at(i128::from(args.int(0)?) * 1_000_000_000 + i128::from(nanos), Zone::local()))
}

fn shown(args: Args<'_>, part: fn(Reading) -> i64) -> Result<Value<'_>, Fault> {
    Ok(part(args.time(0)?.reading()).into())
}

/// From the first instant of Go's calendar to 1970, in nanoseconds: from there lengths of time are counted.
const FIRST: i128 = 62_135_596_800 * 1_000_000_000;

fn truncate(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let Time { seconds, nanos, zone } = args.time(0)?;
    let all = i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    let rest = match args.duration(1)? {
        duration if duration > 0 => (all + FIRST).rem_euclid(duration.into()),
        _ => 0,
    };
    Ok(Value::at(all - rest, zone))
}

/// How many units of `unit` nanoseconds an instant is after 1970, begun ones before it counted.
fn since(args: Args<'_>, unit: i128) -> Result<Value<'_>, Fault> {
    let Time { seconds, nanos, .. } = args.time(0)?;
    let all = i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    let low = all.div_euclid(unit) & i128::from(u64::MAX);
    Ok(u64::try_from(low).unwrap_or_default().cast_signed().into())
}

/// A length of time in units of `unit` nanoseconds: whole ones and the rest apart, as Go reckons.
fn fraction(args: Args<'_>, unit: i64) -> Result<Value<'_>, Fault> {
    let duration = args.duration(0)?;
    Ok((float(duration / unit) + float(duration % unit) / float(unit)).into())
}

fn duration(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let text = args.text(0)?;
    parse(&text).map(Value::Duration).map_err(|why| Fault::new(format!("time: {why} {text:?}")))
}

/// `1h30m`, `-1.5s`: Go's lengths of time, in nanoseconds.
fn parse(text: &str) -> Result<i64, String> {
    let invalid = || "invalid duration".to_owned();
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let len = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (number, behind) = rest.split_at(len);
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && part.is_empty()) || part.contains('.') {
            return Err(invalid());
        }
        let len = behind.bytes().take_while(|byte| !byte.is_ascii_digit() && *byte != b'.').count();
        let (unit, behind) = behind.split_at(len);
        let unit = match unit {
            "ns" => 1_i128,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "" => return Err("missing unit in duration".to_owned()),
            other => return Err(format!("unknown unit {other:?} in duration")),
        };
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
        total = whole.checked_mul(unit).and_then(|sum| sum.checked_add(total)).ok_or_else(invalid)?;
        // Digits that cannot matter are not looked at.
        let part = &part[..part.len().min(18)];
        let scale = 10_i128.pow(u32::try_from(part.len()).unwrap_or_default());
        total += part.parse::<i128>().unwrap_or_default() * unit / scale;
        if total > i128::from(i64::MAX) + i128::from(negative) {
            return Err(invalid());
        }
        rest = behind;
    }
    i64::try_from(if negative { -total } else { total }).map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn as_go_parses_durations() {
        for (text, want) in [
            ("0", Ok(0)),
            ("1h30m", Ok(5_400_000_000_000)),
            ("-1.5s", Ok(-1_500_000_000)),
            ("+.5us", Ok(500)),
            ("1µs2ns", Ok(1_002)),
            ("2562047h47m16.854775807s", Ok(i64::MAX)),
            ("-9223372036854775808ns", Ok(i64::MIN)),
            ("9223372036854775808ns", Err("invalid duration")),
            ("", Err("invalid duration")),
            ("1", Err("missing unit in duration")),
            ("1x", Err("unknown unit \"x\" in duration")),
            (".s", Err("invalid duration")),
            ("1.2.3s", Err("invalid duration")),
            ("99999999999999999999999999999999999999999h", Err("invalid duration")),
        ] {
            assert_eq!(parse(text), want.map_err(str::to_owned), "{text}");
        }
    }
}
