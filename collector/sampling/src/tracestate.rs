use std::fmt::{self, Write};

use crate::{Randomness, Threshold, threshold::INCONSISTENT};

const SIZE: &str = "invalid tracestate size";
const SYNTAX: &str = "invalid syntax";

/// A span's tracestate as W3C has it, with OpenTelemetry's member (`ot`) taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceState<'a> {
    randomness: Option<(Randomness, Spelling<'a>)>,
    threshold: Option<(Threshold, Spelling<'a>)>,
    /// What else OpenTelemetry's member has.
    own: Vec<(&'a str, &'a str)>,
    /// The other members.
    others: Vec<(&'a str, &'a str)>,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Spelling<'a> {
    /// As it came.
    Given(&'a str),
    /// In the shortest way.
    New,
}

impl<'a> TraceState<'a> {
    /// What a tracestate says, and what is wrong with it, in Go's words: then it is only what was read nevertheless.
    pub fn parse(text: &'a str) -> (Self, Option<String>) {
        let mut state = Self::default();
        if text.is_empty() {
            return (state, None);
        }
        if text.len() > 1024 {
            return (state, Some(SIZE.to_owned()));
        }
        let members = || text.split(',').map(|member| member.trim_matches([' ', '\t']));
        if !members().filter(|member| !member.is_empty()).all(is_member) {
            return (state, Some(SYNTAX.to_owned()));
        }
        let mut wrong = Vec::new();
        // A comma at the end begins no member.
        let count = members().count() - usize::from(text.ends_with(','));
        for member in members().take(count.min(31)) {
            let Some((key, value)) = member.split_once('=') else { continue };
            let (tenant, system) = key.split_once('@').unwrap_or_default();
            if key.len() > 256 || tenant.len() > 241 || system.len() > 14 {
                wrong.push(SIZE.to_owned());
            } else if key == "ot" {
                (state.randomness, state.threshold) = (None, None);
                state.own.clear();
                wrong.extend(state.parse_own(value));
            } else {
                state.others.push((key, value));
            }
        }
        if count > 31 {
            wrong = vec![SIZE.to_owned()];
        }
        (state, (!wrong.is_empty()).then(|| wrong.join("; ")))
    }

    fn parse_own(&mut self, text: &'a str) -> Vec<String> {
        if !text.split(';').all(is_own_member) {
            return vec![SYNTAX.to_owned()];
        }
        let mut wrong = Vec::new();
        for (key, value) in text.split(';').filter_map(|member| member.split_once(':')) {
            let spelling = Spelling::Given(value);
            match key {
                "rv" => match Randomness::parse(value) {
                    Ok(randomness) => self.randomness = Some((randomness, spelling)),
                    Err(why) => {
                        self.randomness = None;
                        wrong.push(why);
                    }
                },
                "th" => match Threshold::parse(value) {
                    Ok(threshold) => self.threshold = Some((threshold, spelling)),
                    Err(why) => {
                        self.threshold = None;
                        wrong.push(why);
                    }
                },
                _ => self.own.push((key, value)),
            }
        }
        wrong
    }

    /// The r-value.
    pub fn randomness(&self) -> Option<Randomness> {
        self.randomness.map(|(randomness, _)| randomness)
    }

    /// Sets the r-value.
    pub fn set_randomness(&mut self, randomness: Randomness) {
        self.randomness = Some((randomness, Spelling::New));
    }

    /// The t-value.
    pub fn threshold(&self) -> Option<Threshold> {
        self.threshold.map(|(threshold, _)| threshold)
    }

    /// Sets the t-value, which can only grow.
    pub fn raise(&mut self, threshold: Threshold) -> Result<(), &'static str> {
        if self.threshold().is_some_and(|there| there > threshold) {
            return Err(INCONSISTENT);
        }
        self.threshold = (threshold != Threshold::NEVER).then_some((threshold, Spelling::New));
        Ok(())
    }

    /// Removes the t-value.
    pub fn clear_threshold(&mut self) {
        self.threshold = None;
    }
}

fn is_member(member: &str) -> bool {
    member.split_once('=').is_some_and(|(key, value)| is_key(key) && is_value(value))
}

fn is_key(key: &str) -> bool {
    let rest =
        |text: &[u8]| text.iter().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'*' | b'/'));
    match key.split_once('@') {
        Some((tenant, system)) => match (tenant.as_bytes(), system.as_bytes()) {
            ([b'a'..=b'z' | b'0'..=b'9', tenant @ ..], [b'a'..=b'z', system @ ..]) => {
                rest(tenant) && rest(system)
            }
            _ => false,
        },
        None => matches!(key.as_bytes(), [b'a'..=b'z', key @ ..] if rest(key)),
    }
}

fn is_value(value: &str) -> bool {
    let allowed = |c: u8| matches!(c, b' '..=b'~') && !matches!(c, b',' | b'=');
    !value.is_empty() && value.len() <= 256 && !value.ends_with(' ') && value.bytes().all(allowed)
}

fn is_own_member(member: &str) -> bool {
    let Some((key, value)) = member.split_once(':') else { return false };
    let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-');
    let key = key.as_bytes();
    matches!(key, [b'a'..=b'z', key @ ..] if key.iter().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9')))
        && value.bytes().all(allowed)
}

/// The tracestate as it goes on.
impl fmt::Display for TraceState<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        let mut next = |f: &mut fmt::Formatter<'_>, own: bool| {
            let begin = match (std::mem::take(&mut first), own) {
                (true, true) => "ot=",
                (false, true) => ";",
                (true, false) => "",
                (false, false) => ",",
            };
            f.write_str(begin)
        };
        if let Some((randomness, spelling)) = &self.randomness {
            next(f, true)?;
            member(f, "rv", randomness, *spelling)?;
        }
        if let Some((threshold, spelling)) = &self.threshold {
            next(f, true)?;
            member(f, "th", threshold, *spelling)?;
        }
        for (key, value) in &self.own {
            next(f, true)?;
            write!(f, "{key}:{value}")?;
        }
        for (key, value) in &self.others {
            next(f, false)?;
            write!(f, "{key}={value}")?;
        }
        Ok(())
    }
}

fn member(
    f: &mut fmt::Formatter<'_>,
    key: &str,
    value: &impl fmt::Display,
    spelling: Spelling<'_>,
) -> fmt::Result {
    f.write_str(key)?;
    f.write_char(':')?;
    match spelling {
        Spelling::Given(text) => f.write_str(text),
        Spelling::New => write!(f, "{value}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for (text, randomness, threshold, back) in [
            ("", None, None, ""),
            ("ot=rv:FD70A3D70A3D71", Some("fd70a3d70a3d71"), None, "ot=rv:FD70A3D70A3D71"),
            ("a=b,ot=th:80,c=d", None, Some("8"), "ot=th:80,a=b,c=d"),
            ("ot=x:y;th:0", None, Some("0"), "ot=th:0;x:y"),
            (" a@b=1 ,\t,2c@d=e f", None, None, "a@b=1,2c@d=e f"),
        ] {
            let (state, wrong) = TraceState::parse(text);
            assert_eq!(wrong, None, "{text}");
            assert_eq!(state.randomness().map(|r| r.to_string()).as_deref(), randomness, "{text}");
            assert_eq!(state.threshold().map(|t| t.to_string()).as_deref(), threshold, "{text}");
            assert_eq!(state.to_string(), back);
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, expected) in [
            ("ot=rv:abababababababab", "r-value must have 14 hex digits"),
            ("ot=th:abababababababab", "t-value exceeds 14 hex digits"),
            ("ot=th:", "t-value is empty"),
            ("ot=th:-1", "strconv.ParseUint: parsing \"-1\": invalid syntax"),
            (
                "ot=rv:1;th:x",
                "r-value must have 14 hex digits; strconv.ParseUint: parsing \"x\": invalid syntax",
            ),
            ("ot=", SYNTAX),
            ("ot=a:b;", SYNTAX),
            ("ot=A:b", SYNTAX),
            ("ot=a:b;;c:d", SYNTAX),
            ("ot", SYNTAX),
            ("=x", SYNTAX),
            ("A=x", SYNTAX),
            ("1=x", SYNTAX),
            ("a=x=y", SYNTAX),
            ("a=é", SYNTAX),
            ("a@1=x", SYNTAX),
            ("a@bcdefghijklmnopq=x", SIZE),
            (&format!("a={}", "x".repeat(1023)), SIZE),
            (&"a=b,".repeat(32), SIZE),
            (&format!("ot=a:{}", "x".repeat(255)), SYNTAX),
        ] {
            assert_eq!(TraceState::parse(text).1.as_deref(), Some(expected), "{text}");
        }
        assert_eq!(TraceState::parse(&"a=b,".repeat(31)).1, None);
    }

    #[test]
    fn thresholds_only_grow() {
        let (mut state, _) = TraceState::parse("ot=th:c");
        assert_eq!(state.raise(Threshold::parse("8").unwrap()), Err(INCONSISTENT));
        assert_eq!(state.raise(Threshold::parse("c0").unwrap()), Ok(()));
        assert_eq!(state.to_string(), "ot=th:c");
        state.set_randomness(Randomness::MAX);
        state.clear_threshold();
        assert_eq!(state.to_string(), "ot=rv:ffffffffffffff");
    }

    proptest! {
        #[test]
        fn what_goes_on_reads_as_it_did(text in "([ab0@]{0,2}=?(ot=)?(rv:|th:)?[0-9a-fx]{0,3}[ ,;=]){0,6}") {
            let (state, wrong) = TraceState::parse(&text);
            if wrong.is_none() {
                let text = state.to_string();
                prop_assert_eq!(TraceState::parse(&text), (state, None));
            }
        }
    }
}
