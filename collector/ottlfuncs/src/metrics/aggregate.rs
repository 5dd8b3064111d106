//! Points with the same attributes become one: `aggregate_on_attributes`, `aggregate_on_attribute_value`.

mod buckets;
mod exponential;
mod histogram;
mod key;
mod number;

use std::collections::{HashMap, hash_map::Entry};

use slimcol_ottleval::{
    Context, Fault,
    function::{Call, Ready},
    value::Look,
};
use slimcol_pdata::{
    edit::{MetricMut, PointMut},
    view::{MetricData, Temporality, ValueRef},
};

use self::{exponential::Exponential, histogram::Histogram, number::Numbers};
use super::change;

/// What is made of the numbers of a group. Histograms are always added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Sum,
    Mean,
    Min,
    Max,
    Median,
    Count,
}

fn way(call: &Call) -> Result<Way, String> {
    Ok(match call.literal_text(0).unwrap_or_default() {
        "sum" => Way::Sum,
        "mean" => Way::Mean,
        "min" => Way::Min,
        "max" => Way::Max,
        "median" => Way::Median,
        "count" => Way::Count,
        other => {
            return Err(format!(
                "invalid aggregation function: 'unsupported function: '{other}'', \
                 valid options: sum, mean, min, max, median, count"
            ));
        }
    })
}

pub(super) fn known_way(call: &Call) -> Result<Ready, String> {
    way(call).map(|_| Ready::Nothing)
}

/// What is gathered of the points of a group.
enum Gathered {
    Numbers(Numbers),
    Histogram(Histogram),
    Exponential(Exponential),
}

impl Gathered {
    /// That of the first point.
    fn of(point: &PointMut<'_>) -> Option<Self> {
        Some(match point {
            PointMut::Number(point) => Self::Numbers(Numbers::of(point.view())),
            PointMut::Histogram(point) => Self::Histogram(Histogram::of(point.view())),
            PointMut::ExponentialHistogram(point) => Self::Exponential(Exponential::of(point.view())),
            PointMut::Summary(_) => return None,
        })
    }

    fn add(&mut self, point: &PointMut<'_>) -> Result<(), Fault> {
        match (self, point) {
            (Self::Numbers(own), PointMut::Number(point)) => own.add(point.view()),
            (Self::Histogram(own), PointMut::Histogram(point)) => own.add(point.view()),
            (Self::Exponential(own), PointMut::ExponentialHistogram(point)) => return own.add(point.view()),
            _ => {}
        }
        Ok(())
    }

    /// Puts what was gathered into the first point.
    fn put(self, point: &mut PointMut<'_>, way: Way) {
        match (self, point) {
            (Self::Numbers(own), PointMut::Number(point)) => own.put(point, way),
            (Self::Histogram(own), PointMut::Histogram(point)) => own.put(point),
            (Self::Exponential(own), PointMut::ExponentialHistogram(point)) => own.put(point),
            _ => {}
        }
    }
}

/// A group of points: the place of its first, and what they come to.
struct Group {
    first: usize,
    gathered: Gathered,
}

/// Whether points of different starts stay apart.
fn delta(data: MetricData<'_>) -> bool {
    let temporality = match data {
        MetricData::Sum(data) => data.aggregation_temporality(),
        MetricData::Histogram(data) => data.aggregation_temporality(),
        MetricData::ExponentialHistogram(data) => data.aggregation_temporality(),
        MetricData::Empty | MetricData::Gauge(_) | MetricData::Summary(_) => return false,
    };
    temporality == Temporality::Delta
}

/// Makes one point of those that are alike: it stands where the first stood.
fn aggregate(metric: &mut MetricMut<'_>, way: Way) -> Result<(), Fault> {
    let delta = delta(metric.data());
    let mut places = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (at, point) in metric.points_mut().enumerate() {
        match places.entry(key::of(&point, delta)) {
            Entry::Occupied(place) => {
                let group: &mut Group = &mut groups[*place.get()];
                group.gathered.add(&point)?;
            }
            Entry::Vacant(place) => {
                let Some(gathered) = Gathered::of(&point) else { return Ok(()) };
                place.insert(groups.len());
                groups.push(Group { first: at, gathered });
            }
        }
    }
    let mut groups = groups.into_iter().peekable();
    let mut at = 0;
    metric.retain_points(|point| {
        let group = groups.next_if(|group| group.first == at);
        at += 1;
        let stays = group.is_some();
        if let Some(group) = group {
            group.gathered.put(point, way);
        }
        stays
    });
    Ok(())
}

fn no_summary(call: &Call, metric: &MetricMut<'_>) -> Result<(), Fault> {
    if matches!(metric.data(), MetricData::Summary(_)) {
        let name = call.name();
        return Err(Fault::new(format!("{name} does not support aggregating Summary metrics")));
    }
    Ok(())
}

/// The texts of a list of literals.
fn texts(call: &Call, at: usize) -> Vec<&str> {
    call.items(at)
        .iter()
        .filter_map(|item| match item.literal()?.look() {
            Look::Data(ValueRef::Str(text)) => Some(text),
            _ => None,
        })
        .collect()
}

/// Without a list all attributes count.
pub(super) fn on_attributes(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let way = way(call).map_err(Fault::new)?;
    change(on, |metric, _| {
        no_summary(call, metric)?;
        if call.has(1) {
            let keys = texts(call, 1);
            for mut point in metric.points_mut() {
                if point.attributes().iter().any(|(key, _)| !keys.contains(&key)) {
                    point.attributes_mut().retain(|key, _| keys.contains(&key));
                }
            }
        }
        aggregate(metric, way)
    })
}

/// What is no text counts as an empty one.
pub(super) fn on_value(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let way = way(call).map_err(Fault::new)?;
    let (key, new) = (call.literal_text(1).unwrap_or_default(), call.literal_text(3).unwrap_or_default());
    let values = texts(call, 2);
    change(on, |metric, _| {
        no_summary(call, metric)?;
        for mut point in metric.points_mut() {
            let old = point.attributes().get(key).map(|old| old.as_str().unwrap_or_default());
            if old.is_some_and(|old| values.contains(&old)) {
                point.attributes_mut().insert(key, new);
            }
        }
        aggregate(metric, way)
    })
}

#[cfg(test)]
mod tests;
