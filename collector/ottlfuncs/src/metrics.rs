//! Editors of metrics as a whole.

mod aggregate;
mod buckets;
mod exemplars;
mod explicit;
mod extract;
mod kind;
mod percentile;
mod scale;
mod summary;

use slimcol_ottleval::{
    Context, Fault,
    function::{Call, Function, Takes, editor, may_take, takes},
};
use slimcol_pdata::edit::{MetricMut, OwnMetric};

pub(super) const FUNCTIONS: &[Function] = &[
    editor!("convert_sum_to_gauge", [], kind::sum_to_gauge),
    editor!(
        "convert_gauge_to_sum",
        [takes("string_agg_temp", Takes::LiteralText), takes("monotonic", Takes::LiteralBool)],
        kind::known_temporality,
        kind::gauge_to_sum
    ),
    editor!(
        "extract_count_metric",
        [takes("monotonic", Takes::LiteralBool), may_take("suffix", Takes::LiteralText)],
        extract::count
    ),
    editor!(
        "extract_sum_metric",
        [takes("monotonic", Takes::LiteralBool), may_take("suffix", Takes::LiteralText)],
        extract::sum
    ),
    editor!(
        "convert_summary_quantile_val_to_gauge",
        [may_take("attribute_key", Takes::LiteralText), may_take("suffix", Takes::LiteralText)],
        extract::quantiles
    ),
    editor!(
        "copy_metric",
        [may_take("name", Takes::Text), may_take("description", Takes::Text), may_take("unit", Takes::Text)],
        copy_metric
    ),
    editor!(
        "scale_metric",
        [takes("multiplier", Takes::LiteralNumber), may_take("unit", Takes::Text)],
        scale::scale_metric
    ),
    editor!(
        "aggregate_on_attributes",
        [takes("aggregation_function", Takes::LiteralText), may_take("attributes", Takes::LiteralTexts)],
        aggregate::known_way,
        aggregate::on_attributes
    ),
    editor!(
        "aggregate_on_attribute_value",
        [
            takes("aggregation_function", Takes::LiteralText),
            takes("attribute", Takes::LiteralText),
            takes("values", Takes::LiteralTexts),
            takes("new_value", Takes::LiteralText)
        ],
        aggregate::known_way,
        aggregate::on_value
    ),
    editor!(
        "convert_exponential_histogram_to_histogram",
        [takes("distribution_fn", Takes::LiteralText), takes("explicit_bounds", Takes::LiteralNumbers)],
        explicit::known,
        explicit::to_explicit
    ),
    editor!(
        "extract_percentile_metric",
        [takes("percentile", Takes::LiteralNumber), may_take("suffix", Takes::LiteralText)],
        percentile::known_percentile,
        percentile::percentile
    ),
];

/// Editors of points.
pub(super) const OF_POINTS: &[Function] = &[
    editor!(
        "convert_summary_count_val_to_sum",
        [
            takes("string_agg_temp", Takes::LiteralText),
            takes("monotonic", Takes::LiteralBool),
            may_take("suffix", Takes::LiteralText)
        ],
        kind::known_temporality,
        summary::count
    ),
    editor!(
        "convert_summary_sum_val_to_sum",
        [
            takes("string_agg_temp", Takes::LiteralText),
            takes("monotonic", Takes::LiteralBool),
            may_take("suffix", Takes::LiteralText)
        ],
        kind::known_temporality,
        summary::sum
    ),
    editor!(
        "merge_histogram_buckets",
        [takes("target_value", Takes::FloatLike), may_take("method", Takes::LiteralText)],
        buckets::known_method,
        buckets::merge
    ),
];

/// Changes the metric, and adds others behind it.
fn change(
    on: &mut dyn Context,
    change: impl FnOnce(&mut MetricMut<'_>, &mut Vec<OwnMetric>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    match on.metric() {
        Some((mut metric, added)) => change(&mut metric, added),
        None => Err(Fault::new("there is no metric")),
    }
}

/// The text of an argument that may be left out.
fn given(call: &Call, at: usize, on: &dyn Context) -> Result<Option<String>, Fault> {
    if call.has(at) { call.on(on).text(at).map(|text| Some(text.into_owned())) } else { Ok(None) }
}

fn copy_metric(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let (name, description, unit) = (given(call, 0, on)?, given(call, 1, on)?, given(call, 2, on)?);
    change(on, |metric, added| {
        let mut copy = metric.copied();
        let mut new = copy.edit();
        if let Some(name) = name {
            new.set_name(&name);
        }
        if let Some(description) = description {
            new.set_description(&description);
        }
        if let Some(unit) = unit {
            new.set_unit(&unit);
        }
        added.push(copy);
        Ok(())
    })
}

#[cfg(test)]
mod tests;
