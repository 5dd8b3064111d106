//! Times read from text and written.

use slimcol_ottleval::{
    Fault,
    function::{Args, Call, Function, Ready, Takes, converter, may_take, takes},
    value::Value,
};
use slimcol_timeformat::{Format, Layout, Zone};

pub(super) const FUNCTIONS: &[Function] = &[
    converter!(
        "Time",
        [
            takes("time", Takes::Text),
            takes("format", Takes::LiteralText),
            may_take("location", Takes::LiteralText)
        ],
        layout,
        time
    ),
    converter!(
        "FormatTime",
        [takes("time", Takes::Time), takes("format", Takes::LiteralText)],
        format,
        format_time
    ),
];

/// Without a location, a layout that ends in `Z` is read by UTC's clocks, others by the machine's.
fn layout(call: &Call) -> Result<Ready, String> {
    let text = call.literal_text(1).unwrap_or_default();
    if text.is_empty() {
        return Err("format cannot be nil".to_owned());
    }
    let zone = match call.literal_text(2).unwrap_or_default() {
        "" if text.ends_with('Z') => Zone::Utc,
        "" => Zone::local(),
        name => Zone::load(name).map_err(|unknown| format!("failed to load location {name}: {unknown}"))?,
    };
    Ok(Ready::own((Layout::strptime(text)?, zone)))
}

fn time(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let text = args.text(0)?;
    if text.is_empty() {
        return Err(Fault::new("time cannot be nil"));
    }
    match args.call.ready::<(Layout, Zone)>() {
        Some((layout, zone)) => {
            let time = layout.parse(text.as_bytes(), zone).map_err(|error| Fault::new(error.to_string()))?;
            Ok(Value::Zoned(Box::new(time)))
        }
        None => Ok(Value::NIL),
    }
}

fn format(call: &Call) -> Result<Ready, String> {
    let text = call.literal_text(1).unwrap_or_default();
    if text.is_empty() {
        return Err("format cannot be nil".to_owned());
    }
    Format::strptime(text).map(Ready::own)
}

fn format_time(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let time = args.time(0)?;
    match args.call.ready::<Format>() {
        Some(format) => Ok(format.text(&time).into()),
        None => Ok(Value::NIL),
    }
}
