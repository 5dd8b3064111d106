//! The editor that cuts texts.

use slimcol_pdata::view::ValueRef;

use crate::{
    context::Context,
    fault::Fault,
    function::{Call, Function, Ready, Takes, editor, may_take, takes},
};

/// What cuts texts.
pub const FUNCTIONS: &[Function] = &[editor!(
    "truncate_all",
    [
        takes("target", Takes::MapPlace),
        takes("limit", Takes::LiteralInt),
        may_take("utf8_safe", Takes::LiteralBool),
        may_take("truncation_marker", Takes::LiteralText)
    ],
    fitting,
    truncate_all
)];

fn fitting(call: &Call) -> Result<Ready, String> {
    let limit = call.literal_int(1).unwrap_or_default();
    let marker = call.literal_text(3).unwrap_or_default().len();
    if limit < 0 {
        return Err(format!("invalid limit for truncate_all function, {limit} cannot be negative"));
    }
    if usize::try_from(limit).is_ok_and(|limit| limit < marker) {
        return Err(format!(
            "invalid truncation marker for truncate_all function, length of marker {marker} \
             cannot be greater than limit {limit}"
        ));
    }
    Ok(Ready::Nothing)
}

/// Cuts texts to so many bytes, the marker among them. Never within a character: telemetry is UTF-8.
fn truncate_all(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let limit = call.literal_int(1).and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    if call.extent(0, on).is_some_and(|(_, longest)| longest <= limit) {
        return Ok(());
    }
    let marker = call.literal_text(3).unwrap_or_default();
    let too_long = |value: ValueRef<'_>| value.as_str().is_some_and(|text| text.len() > limit);
    call.change_map(
        0,
        on,
        |map| !map.all_within(limit) && map.iter().any(|(_, value)| too_long(value)),
        |map| {
            map.each(|mut attribute| {
                if let Some(text) = attribute.value().as_str().filter(|text| text.len() > limit) {
                    let kept = &text[..text.floor_char_boundary(limit - marker.len())];
                    let cut = format!("{kept}{marker}");
                    attribute.value_mut().set(cut.as_str());
                }
            });
            Ok(())
        },
    )
}
