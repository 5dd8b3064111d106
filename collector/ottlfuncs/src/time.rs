//! Converters of instants and lengths of time.

use slimcol_config::Duration;
use slimcol_ottleval::{
    Fault,
    function::{Args, Function, Takes, converter, may_take, takes},
    value::{Value, float},
};
use slimcol_timeformat::{Reading, Time, Zone};

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
    let read = Duration::parse(&text);
    read.map(|duration| Value::Duration(duration.0)).map_err(|why| Fault::new(why.in_full(&text)))
}
