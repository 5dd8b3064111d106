//! What points must have in common to become one.

use std::fmt::Write;

use slimcol_pdata::{
    edit::{OwnValue, PointMut},
    view::{Attributes, ValueRef},
};

/// The point's attributes, in any order, its time and what of it cannot be added up; with `start` also when it began.
pub(super) fn of(point: &PointMut<'_>, start: bool) -> String {
    let mut key = attributes(point.attributes());
    let (time, began) = match point {
        PointMut::Number(point) => {
            let point = point.view();
            (point.time_unix_nano(), point.start_time_unix_nano())
        }
        PointMut::Histogram(point) => {
            let point = point.view();
            for bound in point.explicit_bounds() {
                put(&mut key, bound.to_bits());
            }
            put(&mut key, alike(point.min(), point.max(), point.flags()));
            (point.time_unix_nano(), point.start_time_unix_nano())
        }
        PointMut::ExponentialHistogram(point) => {
            let point = point.view();
            put(&mut key, u64::from(point.scale().cast_unsigned()));
            put(&mut key, alike(point.min(), point.max(), point.flags()));
            (point.time_unix_nano(), point.start_time_unix_nano())
        }
        PointMut::Summary(_) => (0, 0),
    };
    put(&mut key, time);
    put(&mut key, if start { began } else { 0 });
    key
}

fn attributes(attributes: Attributes<'_>) -> String {
    let mut pairs: Vec<(&str, ValueRef<'_>)> = attributes.iter().collect();
    if !pairs.is_sorted_by_key(|(key, _)| *key) {
        slimcol_order::sort_by_key(&mut pairs, |(key, _)| *key);
    }
    OwnValue::map(pairs).view().to_text().into_owned()
}

/// Whether there are extremes, and the flags.
fn alike(min: Option<f64>, max: Option<f64>, flags: u32) -> u64 {
    u64::from(flags) << 2 | u64::from(min.is_some()) << 1 | u64::from(max.is_some())
}

fn put(key: &mut String, number: u64) {
    write!(key, " {number}").expect("a string takes all");
}
