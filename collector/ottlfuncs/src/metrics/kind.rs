//! Sums that become gauges, and gauges that become sums.

use slimcol_ottleval::{
    Context, Fault,
    function::{Call, Ready},
};
use slimcol_pdata::view::{MetricData, Temporality};

use super::change;

/// The temporality of that name.
pub(super) fn temporality(name: &str) -> Option<Temporality> {
    match name {
        "delta" => Some(Temporality::Delta),
        "cumulative" => Some(Temporality::Cumulative),
        _ => None,
    }
}

/// Looks at the name of a temporality, the first argument.
pub(super) fn known_temporality(call: &Call) -> Result<Ready, String> {
    let name = call.literal_text(0).unwrap_or_default();
    match temporality(name) {
        Some(_) => Ok(Ready::Nothing),
        None => Err(format!("unknown aggregation temporality: {name}")),
    }
}

pub(super) fn sum_to_gauge(_: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    change(on, |metric, _| {
        if matches!(metric.data(), MetricData::Sum(_)) {
            metric.turn_to_gauge();
        }
        Ok(())
    })
}

pub(super) fn gauge_to_sum(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let temporality = call.literal_text(0).and_then(temporality).unwrap_or(Temporality::Unspecified);
    let monotonic = call.literal_bool(1).unwrap_or_default();
    change(on, |metric, _| {
        if matches!(metric.data(), MetricData::Gauge(_)) {
            metric.turn_to_sum(temporality, monotonic);
        }
        Ok(())
    })
}
