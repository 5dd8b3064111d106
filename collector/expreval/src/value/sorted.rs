//! Items in an order.

use super::{Ordering, Value, cast::float_of, order};
use crate::meter::Meter;

/// The second parts in the order of the first ones.
pub fn sorted<'a>(
    mut items: Vec<(Value<'a>, Value<'a>)>,
    descending: bool,
    meter: &mut Meter,
) -> Result<Vec<Value<'a>>, String> {
    meter.steps(items.len().saturating_mul(items.len().max(1).ilog2() as usize + 1))?;
    // Sorting wants an order of all there is, so types are told apart before and NaN is not asked about.
    if let [(first, _), rest @ ..] = &items[..] {
        let kind = sort_kind(first);
        if let Some((odd, _)) = rest.iter().find(|(other, _)| kind.is_none() || sort_kind(other) != kind) {
            return Err(format!("invalid operation: {} < {}", odd.type_name(), first.type_name()));
        }
    }
    let fractions = items.iter().any(|(key, _)| matches!(key, Value::Float(_)));
    slimcol_order::sort_by(&mut items, |(one, _), (other, _)| {
        let found = match (float_of(one), float_of(other)) {
            (Ok(one), Ok(other)) if fractions => one.total_cmp(&other),
            _ => order(one, other).ok().flatten().unwrap_or(Ordering::Equal),
        };
        if descending { found.reverse() } else { found }
    });
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

/// Values of one kind have an order among each other.
fn sort_kind(value: &Value<'_>) -> Option<u8> {
    match value {
        Value::Int(_) | Value::Float(_) => Some(0),
        Value::Text(_) => Some(1),
        Value::Time(_) => Some(2),
        Value::Duration(_) => Some(3),
        _ => None,
    }
}
