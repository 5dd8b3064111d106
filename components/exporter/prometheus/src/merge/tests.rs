use super::*;

fn histogram(scale: i32, offset: i32, counts: &[u64]) -> Exponential {
    Exponential {
        count: counts.iter().sum(),
        sum: Some(1.0),
        scale,
        zero_count: 0,
        zero_threshold: 0.0,
        positive: Buckets { offset, counts: counts.to_vec() },
        negative: Buckets::default(),
    }
}

#[test]
fn buckets_meet_at_the_smaller_scale() {
    for (older, newer, scale, offset, counts) in [
        (histogram(0, 0, &[1, 2]), histogram(0, 1, &[3, 4]), 0, 0, &[1, 5, 4][..]),
        (histogram(0, -3, &[1]), histogram(0, 0, &[4]), 0, -3, &[1, 0, 0, 4]),
        (histogram(1, 0, &[1, 2, 3]), histogram(0, 0, &[10, 10]), 0, 0, &[13, 13]),
        (histogram(1, -3, &[1, 2, 3]), histogram(0, -2, &[10]), 0, -2, &[11, 5]),
        (histogram(3, 5, &[]), histogram(2, 7, &[1]), 2, 7, &[1]),
        // Ten buckets a doubling, far apart: fewer.
        (histogram(0, 0, &[1]), histogram(0, 4095, &[1]), -1, 0, &[]),
    ] {
        let sum = exponential(older, newer);
        assert_eq!((sum.scale, sum.positive.offset), (scale, offset));
        assert!(counts.is_empty() || sum.positive.counts == counts, "{sum:?}");
        assert_eq!(sum.positive.counts.iter().sum::<u64>(), sum.count);
    }
}

#[test]
fn hostile_indices_are_no_memory() {
    for (one, other) in [(i32::MIN, i32::MAX - 1), (i32::MAX, i32::MIN), (0, i32::MAX)] {
        let sum = exponential(histogram(20, one, &[1, 1]), histogram(20, other, &[1, 1]));
        assert!(sum.positive.counts.len() <= MAX_BUCKETS, "{}", sum.positive.counts.len());
        assert_eq!(sum.positive.counts.iter().sum::<u64>(), 4);
    }
    let sum = exponential(histogram(i32::MAX, 0, &[1; 100]), histogram(i32::MIN, 7, &[1]));
    assert_eq!(sum.positive.counts.iter().sum::<u64>(), 101);
}

#[test]
fn what_is_below_the_threshold_is_zero() {
    let mut newer = histogram(0, 0, &[1]);
    newer.zero_threshold = 1.0;
    // Buckets up to 0.25, 0.5, 1 and 2.
    let sum = exponential(histogram(0, -3, &[1, 2, 3, 4]), newer);
    assert_eq!((sum.zero_count, sum.zero_threshold), (6, 1.0));
    assert_eq!((sum.positive.offset, sum.positive.counts), (0, vec![5]));
}
