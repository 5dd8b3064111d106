//! Points that are numbers.

use slimcol_ottleval::value::{float, truncated};
use slimcol_pdata::{
    edit::NumberDataPointMut,
    view::{Number, NumberDataPointRef},
};

use super::Way;

/// The numbers of a group, the first of which says whether they are whole.
pub(super) struct Numbers {
    values: Vec<Number>,
    start: u64,
}

impl Numbers {
    pub(super) fn of(point: NumberDataPointRef<'_>) -> Self {
        Self { values: vec![point.value()], start: point.start_time_unix_nano() }
    }

    pub(super) fn add(&mut self, point: NumberDataPointRef<'_>) {
        self.values.push(point.value());
        self.start = self.start.min(point.start_time_unix_nano());
    }

    /// A group of one stays as it is, even if it is counted, as in Go.
    pub(super) fn put(self, point: &mut NumberDataPointMut<'_>, way: Way) {
        if self.values.len() == 1 {
            return;
        }
        let value = match self.values.first() {
            Some(Number::Double(_)) => Number::Double(of_doubles(self.values, way)),
            Some(Number::Int(_)) => Number::Int(of_ints(&self.values, way)),
            _ => return,
        };
        point.set_value(value);
        if point.view().start_time_unix_nano() != self.start {
            point.set_start_time_unix_nano(self.start);
        }
    }
}

fn of_doubles(values: Vec<Number>, way: Way) -> f64 {
    let count = float(i64::try_from(values.len()).unwrap_or(i64::MAX));
    let mut values: Vec<f64> = values
        .into_iter()
        .map(|value| match value {
            Number::Double(value) => value,
            Number::Int(value) => float(value),
            Number::Empty => 0.0,
        })
        .collect();
    let extreme = |better: fn(f64, f64) -> f64| {
        values.iter().copied().reduce(|a, b| if a.is_nan() || b.is_nan() { f64::NAN } else { better(a, b) })
    };
    match way {
        Way::Sum => values.iter().sum(),
        Way::Mean => values.iter().sum::<f64>() / count,
        Way::Count => count,
        Way::Min => extreme(f64::min).unwrap_or_default(),
        Way::Max => extreme(f64::max).unwrap_or_default(),
        Way::Median => {
            slimcol_order::sort_by(&mut values, f64::total_cmp);
            let middle = values.len() / 2;
            if values.len() % 2 == 1 {
                values[middle]
            } else {
                f64::midpoint(values[middle - 1], values[middle])
            }
        }
    }
}

/// What is not whole is cut off, and counts nothing in sums, as in Go.
fn of_ints(values: &[Number], way: Way) -> i64 {
    let whole = |value: &Number| match value {
        Number::Int(value) => *value,
        Number::Double(value) => truncated(*value),
        Number::Empty => 0,
    };
    let sum = || {
        let int = |value: &Number| if let Number::Int(value) = value { *value } else { 0 };
        values.iter().map(int).fold(0, i64::wrapping_add)
    };
    let count = i64::try_from(values.len()).unwrap_or(i64::MAX);
    match way {
        Way::Sum => sum(),
        Way::Mean => sum() / count,
        Way::Count => count,
        Way::Min => values.iter().map(whole).min().unwrap_or_default(),
        Way::Max => values.iter().map(whole).max().unwrap_or_default(),
        Way::Median => {
            let mut values: Vec<i64> = values.iter().map(whole).collect();
            slimcol_order::sort(&mut values);
            let middle = values.len() / 2;
            if values.len() % 2 == 1 {
                values[middle]
            } else {
                values[middle - 1].wrapping_add(values[middle]) / 2
            }
        }
    }
}
