//! Patterns that one look at each byte decides.
//!
//! Most that stand in statements are a few letters and classes of them in a row, `^/api/v[0-9]+/`. Such a pattern needs no
//! automaton: where it may begin there is one way to go on, so a failure is final.

/// Longer texts are left to the automaton: here a text could be gone through again for each of its bytes.
const LONGEST: usize = 256;

/// A pattern that is steps in a row.
#[derive(Debug)]
pub(super) struct Plain {
    /// Whether it begins where the text does.
    begins: bool,
    steps: Box<[Step]>,
    /// Whether it ends where the text does.
    ends: bool,
}

#[derive(Debug)]
enum Step {
    /// These bytes.
    Word(Box<[u8]>),
    /// From `least` to `most` bytes of a set, as many as there are.
    Set { set: Set, least: usize, most: usize },
}

/// A set of ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Set(u128);

impl Set {
    fn has(self, byte: u8) -> bool {
        byte < 0x80 && self.0 >> byte & 1 == 1
    }

    /// The set between brackets: ASCII letters and digits, and ranges of those.
    fn of(inner: &[u8]) -> Option<Self> {
        let mut set = 0;
        let mut rest = inner;
        while let [low, behind @ ..] = rest {
            let (high, behind) =
                if let [b'-', high, behind @ ..] = behind { (high, behind) } else { (low, behind) };
            if !low.is_ascii_alphanumeric() || !high.is_ascii_alphanumeric() || low > high {
                return None;
            }
            set = (*low..=*high).fold(set, |set, byte| set | 1 << byte);
            rest = behind;
        }
        (set != 0).then_some(Self(set))
    }
}

impl Plain {
    /// The pattern, if it is such a one.
    pub(super) fn of(pattern: &str) -> Option<Self> {
        let begins = pattern.starts_with('^');
        let mut rest = pattern.as_bytes().get(usize::from(begins)..)?;
        let (mut steps, mut word, mut ends) = (Vec::new(), Vec::new(), false);
        loop {
            let set = match rest {
                [] => break,
                [b'$'] => {
                    ends = true;
                    break;
                }
                [b'[', behind @ ..] => {
                    let end = behind.iter().position(|byte| *byte == b']')?;
                    rest = &behind[end + 1..];
                    Set::of(&behind[..end])?
                }
                [b'\\', letter, behind @ ..]
                    if letter.is_ascii_punctuation() && !matches!(letter, b'<' | b'>') =>
                {
                    word.push(*letter);
                    rest = behind;
                    continue;
                }
                [b'.' | b'(' | b')' | b'{' | b'}' | b'|' | b'^' | b'$' | b'*' | b'+' | b'?' | b'\\', ..] => {
                    return None;
                }
                [letter, behind @ ..] => {
                    word.push(*letter);
                    rest = behind;
                    continue;
                }
            };
            if !word.is_empty() {
                steps.push(Step::Word(std::mem::take(&mut word).into()));
            }
            let (least, most, taken) = match rest {
                // Of these are some that take as little as they can.
                [b'*' | b'+' | b'?', b'?' | b'*' | b'+' | b'{', ..] | [b'{', ..] => return None,
                [b'*', ..] => (0, usize::MAX, 1),
                [b'+', ..] => (1, usize::MAX, 1),
                [b'?', ..] => (0, 1, 1),
                _ => (1, 1, 0),
            };
            rest = &rest[taken..];
            steps.push(Step::Set { set, least, most });
        }
        if !word.is_empty() {
            steps.push(Step::Word(word.into()));
        }
        let found = begins || matches!(steps.first(), Some(Step::Word(_)));
        let single = steps.windows(2).all(|pair| goes_one_way(&pair[0], &pair[1]));
        (found && single).then(|| Self { begins, steps: steps.into(), ends })
    }

    /// Whether it is as good as the automaton for such a text.
    pub(super) fn suits(text: &str) -> bool {
        text.len() <= LONGEST
    }

    /// Where the pattern first matches in `text` from `from` on.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let text = text.as_bytes();
        if self.begins {
            return if from == 0 { self.end(text, 0).map(|end| (0, end)) } else { None };
        }
        let Some(Step::Word(word)) = self.steps.first() else { return None };
        let first = *word.first()?;
        let mut at = from;
        while let Some(more) = text.get(at..)?.iter().position(|byte| *byte == first) {
            at += more;
            if let Some(end) = self.end(text, at) {
                return Some((at, end));
            }
            at += 1;
        }
        None
    }

    /// Where a match ends that begins at `at`.
    #[inline]
    fn end(&self, text: &[u8], at: usize) -> Option<usize> {
        let mut rest = text.get(at..)?;
        for step in &self.steps {
            rest = match step {
                Step::Word(word) => rest.strip_prefix(&**word)?,
                Step::Set { set, least, most } => {
                    let many = rest.iter().take(*most).take_while(|byte| set.has(**byte)).count();
                    if many < *least {
                        return None;
                    }
                    &rest[many..]
                }
            };
        }
        (!self.ends || rest.is_empty()).then_some(text.len() - rest.len())
    }
}

/// Whether no byte that the first step takes could be the second's.
fn goes_one_way(first: &Step, second: &Step) -> bool {
    match (first, second) {
        (Step::Word(_) | Step::Set { least: 1, most: 1, .. }, _) => true,
        (Step::Set { set, .. }, Step::Word(word)) => word.first().is_some_and(|byte| !set.has(*byte)),
        (Step::Set { set, .. }, Step::Set { set: other, least, .. }) => *least > 0 && set.0 & other.0 == 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::Plain;

    #[test]
    fn knows_what_it_is_good_for() {
        for pattern in [
            "",
            "^",
            "^a",
            "abc",
            r"^shop-[0-4]\.",
            "/items/[0-9]+",
            "^[a-z]+$",
            r"a\$",
            "^[a-z]*[0-9]",
            "é[0-9]?é",
        ] {
            assert_eq!(Plain::of(pattern).is_some(), !pattern.is_empty(), "{pattern}");
        }
        for pattern in [
            "[a-z]",
            "a+",
            "a.b",
            "(a)",
            "a|b",
            "^[a-z]*[a-z]",
            "^[a-z]+a",
            "^[a-z]*[0-9]*[a-z]",
            "a[^b]",
            r"\d",
            r"\ba",
            "[a-z]+?b",
            "[é]",
            "a{2}",
            "a^",
            "a$b",
            "(?i)a",
            r"a[\d]",
            "a[b-]",
            "a[[:alpha:]]",
            "^*",
            r"a\<",
            "a[0-9]{2}",
        ] {
            assert!(Plain::of(pattern).is_none(), "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn finds_what_the_automaton_finds(
            pattern in r"\^?(a|b|ab|c|é|\\\.|\[a-b\][+*?]?|\[0-9\][+*?]?|\[c0\][+*?]?){0,5}\$?",
            text in "[abc0é.]{0,12}",
        ) {
            let Some(plain) = Plain::of(&pattern) else { return Ok(()) };
            let regex = Regex::new(&pattern).unwrap();
            for from in (0..=text.len()).filter(|from| text.is_char_boundary(*from)) {
                let found = regex.find_at(&text, from).map(|found| (found.start(), found.end()));
                prop_assert_eq!(plain.find(&text, from), found, "{} {} {}", pattern, text, from);
            }
        }
    }
}
