//! The valid name that a misspelt one was likely meant to be.

/// The candidate closest to `word`, if one is close enough to be worth proposing: at most a third of its letters away
/// (at least one), counting insertions, deletions, substitutions and swaps of neighbours, and not the case.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Longer words are not typing mistakes, and the distance is quadratic.
    const LONGEST: usize = 128;
    let lower = |s: &str| s.chars().flat_map(char::to_lowercase).take(LONGEST + 1).collect::<Vec<_>>();
    let word = lower(word);
    if word.len() > LONGEST {
        return None;
    }
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let letters = lower(candidate);
            let allowed = (word.len().max(letters.len()) / 3).max(1);
            let far = letters.len() > LONGEST || letters.len().abs_diff(word.len()) > allowed;
            let distance = if far { usize::MAX } else { distance(&word, &letters) };
            (distance <= allowed).then_some((distance, candidate))
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Damerau's distance in its optimal-string-alignment form.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let differs = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + differs);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_words_are_proposed_and_far_ones_are_not() {
        for (word, candidates, expected) in [
            ("queue_sze", &["queue_size", "num_consumers"][..], Some("queue_size")),
            ("htpp", &["grpc", "http"], Some("http")),
            ("htp", &["grpc", "http"], Some("http")),
            ("Endpoint", &["endpoint"], Some("endpoint")),
            ("bath", &["batch", "bat"], Some("batch")),
            ("x", &["endpoint"], None),
            ("receivers", &["exporters"], None),
            ("timeout", &[], None),
        ] {
            assert_eq!(nearest(word, candidates.iter().copied()), expected, "{word}");
        }
        assert_eq!(nearest(&"a".repeat(100_000), ["a"]), None);
    }
}
