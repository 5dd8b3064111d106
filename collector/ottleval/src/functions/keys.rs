//! Editors that take keys out of maps.

use std::collections::HashSet;

use crate::{
    context::Context,
    fault::Fault,
    function::{Call, Function, Ready, Takes, editor, map_of, takes, text_of},
    pattern::{pattern_of, regex},
};

/// What takes keys out of maps.
pub const FUNCTIONS: &[Function] = &[
    editor!("delete_key", [takes("target", Takes::MapPlace), takes("key", Takes::Text)], delete_key),
    editor!(
        "delete_matching_keys",
        [takes("target", Takes::MapPlace), takes("pattern", Takes::Text)],
        pattern_of::<1>,
        |call, on| matching_keys(call, on, false)
    ),
    editor!(
        "keep_matching_keys",
        [takes("target", Takes::MapPlace), takes("pattern", Takes::Text)],
        pattern_of::<1>,
        |call, on| matching_keys(call, on, true)
    ),
    editor!("keep_keys", [takes("target", Takes::MapPlace), takes("keys", Takes::Texts)], keep_keys),
    editor!(
        "limit",
        [
            takes("target", Takes::MapPlace),
            takes("limit", Takes::LiteralInt),
            takes("priority_keys", Takes::LiteralTexts)
        ],
        within,
        limit
    ),
];

fn delete_key(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let place = call.place(0)?;
    if let (Some(key), []) = (call.literal_text(1), &*place.keys)
        && place.field.is_map()
    {
        on.remove(place.field, key);
        return Ok(());
    }
    let key = call.on(on).text(1)?.into_owned();
    call.change_map(
        0,
        on,
        |map| map.get(&key).is_some(),
        |map| {
            map.remove(&key);
            Ok(())
        },
    )
}

fn matching_keys(call: &Call, on: &mut dyn Context, keep: bool) -> Result<(), Fault> {
    let regex = regex(call, 1, on)?;
    call.change_map(
        0,
        on,
        |map| map.iter().any(|(key, _)| regex.is_match(key) != keep),
        |map| {
            map.retain(|key, _| regex.is_match(key) == keep);
            Ok(())
        },
    )
}

fn keep_keys(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let mut keys = HashSet::new();
    for item in call.items(1) {
        keys.insert(text_of(item.value(on)?)?.into_owned());
    }
    call.change_map(
        0,
        on,
        |map| map.iter().any(|(key, _)| !keys.contains(key)),
        |map| {
            map.retain(|key, _| keys.contains(key));
            Ok(())
        },
    )
}

fn within(call: &Call) -> Result<Ready, String> {
    let limit = call.literal_int(1).unwrap_or_default();
    let keys = call.items(2).len();
    if limit < 0 {
        return Err(format!("invalid limit for limit function, {limit} cannot be negative"));
    }
    if usize::try_from(limit).is_ok_and(|limit| limit < keys) {
        return Err(format!(
            "invalid limit for limit function, {limit} cannot be less than number of priority attributes {keys}"
        ));
    }
    Ok(Ready::Nothing)
}

/// Of the keys that nobody gave priority the first stay.
fn limit(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let limit = call.literal_int(1).and_then(|limit| usize::try_from(limit).ok()).unwrap_or_default();
    let count = match call.extent(0, on) {
        Some((count, _)) => count,
        None => map_of(&call.place(0)?.get(on)?)?.len(),
    };
    if count <= limit {
        return Ok(());
    }
    let mut first = HashSet::new();
    for item in call.items(2) {
        first.insert(text_of(item.value(on)?)?.into_owned());
    }
    call.change_map(
        0,
        on,
        |map| map.len() > limit,
        |map| {
            let mut count = map.view().iter().filter(|(key, _)| first.contains(*key)).count();
            map.retain(|key, _| {
                let stays = first.contains(key) || count < limit;
                count += usize::from(stays && !first.contains(key));
                stays
            });
            Ok(())
        },
    )
}
