//! The few statistics a report needs.

/// The value below which `percent` of the sorted values lie; zero if there are none.
pub(crate) fn percentile(sorted: &[u32], percent: usize) -> u32 {
    let index = sorted.len() * percent / 100;
    sorted.get(index).or(sorted.last()).copied().unwrap_or_default()
}

/// The middle value, or the mean of the middle two; zero if there are none.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (sorted.len() % 2, sorted.get(middle)) {
        (_, None) => 0.0,
        (0, Some(upper)) => f64::midpoint(sorted[middle - 1], *upper),
        (_, Some(value)) => *value,
    }
}

/// How many times `other` goes into `value`; infinite if `other` is zero.
pub(crate) fn ratio(value: f64, other: f64) -> f64 {
    if other == 0.0 { f64::INFINITY } else { value / other }
}

/// A count as a float.
#[allow(clippy::cast_precision_loss, reason = "counts of a bench stay far below 2^53")]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::{median, percentile, ratio};

    #[test]
    fn percentiles_are_values_that_occurred() {
        let hundred: Vec<u32> = (1..=100).collect();
        assert_eq!(percentile(&hundred, 50), 51);
        assert_eq!(percentile(&hundred, 99), 100);
        assert_eq!(percentile(&hundred, 100), 100);
        assert_eq!(percentile(&[7], 50), 7);
        assert_eq!(percentile(&[7], 99), 7);
        assert_eq!(percentile(&[], 99), 0);
    }

    #[test]
    fn the_median_ignores_order_and_outliers() {
        for (values, expected) in
            [(vec![], 0.0), (vec![3.0], 3.0), (vec![9.0, 1.0], 5.0), (vec![1e9, 2.0, 1.0], 2.0)]
        {
            assert!((median(values.clone()) - expected).abs() < 1e-9, "{values:?}");
        }
    }

    #[test]
    fn a_ratio_to_nothing_is_infinite() {
        assert!((ratio(6.0, 4.0) - 1.5).abs() < 1e-9);
        assert!(ratio(6.0, 0.0).is_infinite());
    }
}
