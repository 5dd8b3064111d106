//! Fewer buckets in a point of a histogram: `merge_histogram_buckets`.

use slimcol_ottleval::{
    Context, Fault, Field, PointField,
    function::{Call, Ready, list_of},
    value::{Value, float_like},
};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

use crate::format::float;

const COUNTS: Field = Field::Point(PointField::BucketCounts);
const BOUNDS: Field = Field::Point(PointField::ExplicitBounds);

/// So close are bounds the same.
const CLOSE: f64 = 1e-12;

fn limits(call: &Call) -> bool {
    call.literal_text(1) == Some("limit_buckets")
}

fn nil() -> Fault {
    Fault::new("target_value must not be nil")
}

/// The number of buckets that there may be.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole and positive")]
fn most(target: f64) -> Result<usize, Fault> {
    if target >= 1.0 && target.fract() == 0.0 && target <= 9_223_372_036_854_775_808.0 {
        return Ok(target as usize);
    }
    Err(Fault::new(format!(
        "target_value must be a positive integer when method is \"limit_buckets\", got {}",
        float::text(target, 'g', None)
    )))
}

pub(super) fn known_method(call: &Call) -> Result<Ready, String> {
    match call.literal_text(1) {
        None | Some("remove_explicit_bound" | "limit_buckets") => {}
        Some(method) => {
            return Err(format!(
                "unsupported method {method:?}, expected \"remove_explicit_bound\" or \"limit_buckets\""
            ));
        }
    }
    if let Some(literal) = call.literal(0) {
        let target = float_like(literal).and_then(|target| target.ok_or_else(nil));
        let target = target.map_err(|fault| fault.to_string())?;
        if limits(call) {
            most(target).map_err(|fault| fault.to_string())?;
        }
    }
    Ok(Ready::Nothing)
}

/// Points that are none of a histogram, or whose counts and bounds do not go together, stay as they are.
pub(super) fn merge(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let target = float_like(&call.on(on).value(0)?)?;
    let (counts, bounds) = (on.get(COUNTS), on.get(BOUNDS));
    if counts.is_nil() {
        return Ok(());
    }
    let target = target.ok_or_else(nil)?;
    let mut counts: Vec<i64> = list_of(&counts)?
        .iter()
        .filter_map(|count| match count {
            ValueRef::Int(count) => Some(count),
            _ => None,
        })
        .collect();
    let mut bounds: Vec<f64> = list_of(&bounds)?
        .iter()
        .filter_map(|bound| match bound {
            ValueRef::Double(bound) => Some(bound),
            _ => None,
        })
        .collect();
    let whole = bounds.len() + 1 == counts.len() && counts.len() > 1;
    if limits(call) {
        let most = most(target)?;
        if !whole || counts.len() <= most || !bounds.is_sorted_by(|a, b| a < b) {
            return Ok(());
        }
        let together = counts.len().div_ceil(most);
        bounds = bounds.into_iter().skip(together - 1).step_by(together).collect();
        counts =
            counts.chunks(together).map(|counts| counts.iter().copied().fold(0, i64::wrapping_add)).collect();
    } else {
        let at = bounds.iter().position(|bound| (bound - target).abs() < CLOSE);
        let Some(at) = at.filter(|_| whole) else { return Ok(()) };
        let merged = counts.remove(at);
        counts[at] = counts[at].wrapping_add(merged);
        bounds.remove(at);
    }
    let list = |values: &mut dyn Iterator<Item = ValueRef<'static>>| Value::Made(OwnValue::list(values));
    on.set(COUNTS, &list(&mut counts.into_iter().map(ValueRef::Int)))?;
    on.set(BOUNDS, &list(&mut bounds.into_iter().map(ValueRef::Double)))
}
