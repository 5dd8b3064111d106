//! The patterns of statements: Go's regular expressions, which have a crate of their own, and globs.
//!
//! In globs, `*` and `**` are any text, `?` is any character, `[a-z]` and `[!a-z]` are classes, `{a,b}` is one of these, and
//! what stands behind `\` is itself. The whole text has to fit.

mod plain;

use std::borrow::Cow;

use regex::{Match, Regex};
use slimcol_pattern::{Size, compile_text};

use self::plain::Plain;
use crate::{
    context::Context,
    fault::Fault,
    function::{Args, Call, Ready},
    value::fits,
};

/// A pattern that was made ready.
#[derive(Debug)]
pub struct Pattern {
    regex: Regex,
    /// The same, if that is simple.
    plain: Option<Plain>,
}

impl From<Regex> for Pattern {
    fn from(regex: Regex) -> Self {
        Self { regex, plain: None }
    }
}

impl Pattern {
    /// The regular expression that was written as `source`, in Go's syntax or Rust's: what is plain is the same in both.
    pub(crate) fn new(source: &str, regex: Regex) -> Self {
        Self { regex, plain: Plain::of(source) }
    }

    /// The regular expression that it is.
    pub fn regex(&self) -> &Regex {
        &self.regex
    }

    fn is_match(&self, text: &str) -> bool {
        match &self.plain {
            Some(plain) if Plain::suits(text) => plain.find(text, 0).is_some(),
            _ => self.regex.is_match(text),
        }
    }

    /// `text` with `replacement` for all that matches, borrowed if nothing does; `None` if that takes the automaton.
    ///
    /// # Errors
    /// It would be longer than values may be.
    pub(crate) fn replaced<'t>(
        &self,
        text: &'t str,
        replacement: &str,
        of: &dyn Context,
    ) -> Result<Option<Cow<'t, str>>, Fault> {
        let plain = self.plain.as_ref().filter(|_| Plain::suits(text) && !replacement.contains('$'));
        let Some(plain) = plain else { return Ok(None) };
        let Some(mut found) = plain.find(text, 0) else { return Ok(Some(Cow::Borrowed(text))) };
        let (mut out, mut end) = (of.text(), 0);
        loop {
            out.push_str(&text[end..found.0]);
            out.push_str(replacement);
            fits(out.len())?;
            end = found.1;
            // Nothing is only found at the beginning.
            match plain.find(text, end.max(1)) {
                Some(next) => found = next,
                None => break,
            }
        }
        out.push_str(&text[end..]);
        Ok(Some(Cow::Owned(out)))
    }
}

/// `text` with `replacement` for all that `regex` matches, `$` and what stands behind it being groups; `None` if it matches
/// nothing.
///
/// # Errors
/// It would be longer than values may be.
pub(crate) fn replace_all(regex: &Regex, text: &str, replacement: &str) -> Result<Option<String>, Fault> {
    let groups = replacement.bytes().filter(|byte| *byte == b'$').count();
    let (mut out, mut end) = (String::new(), None);
    let mut put = |found: Match<'_>, expand: &dyn Fn(&mut String)| {
        out.push_str(&text[end.unwrap_or(0)..found.start()]);
        // No group is longer than what they are groups of.
        fits(out.len() + replacement.len() + groups.saturating_mul(found.len()))?;
        expand(&mut out);
        end = Some(found.end());
        Ok(())
    };
    if groups == 0 {
        for found in regex.find_iter(text) {
            put(found, &|out| out.push_str(replacement))?;
        }
    } else {
        for captures in regex.captures_iter(text) {
            let Some(found) = captures.get(0) else { continue };
            put(found, &|out| captures.expand(replacement, out))?;
        }
    }
    Ok(end.map(|end| out + &text[end..]))
}

/// Whether the pattern that argument 1 is matches `text`.
pub(crate) fn matches(args: Args<'_>, text: Option<&str>) -> Result<bool, Fault> {
    if let Ready::Pattern(pattern) = &args.call.ready {
        return Ok(text.is_some_and(|text| pattern.is_match(text)));
    }
    let regex = regex(args.call, 1, args.of)?;
    Ok(text.is_some_and(|text| regex.is_match(text)))
}

/// Makes the regular expression ready that argument `AT` is, if it is a literal.
pub fn pattern_of<const AT: usize>(call: &Call) -> Result<Ready, String> {
    let Some(text) = call.literal_text(AT) else { return Ok(Ready::Nothing) };
    let compiled = compile_text(text, Size::Config);
    compiled
        .map(|regex| Ready::Pattern(Pattern::new(text, regex)))
        .map_err(|why| invalid(call.name(), text, &why))
}

/// The regular expression that argument `at` is, which may be known only now.
pub fn regex<'c>(call: &'c Call, at: usize, of: &dyn Context) -> Result<Cow<'c, Regex>, Fault> {
    if let Ready::Pattern(pattern) = &call.ready {
        return Ok(Cow::Borrowed(pattern.regex()));
    }
    let text = call.on(of).text(at)?;
    let compiled = compile_text(&text, Size::Data);
    compiled.map(Cow::Owned).map_err(|why| Fault::new(invalid(call.name(), &text, &why)))
}

/// What a function says of a pattern that is none.
pub fn invalid(function: &str, pattern: &str, why: &str) -> String {
    format!("the regex pattern supplied to {function} '{pattern:?}' is not a valid pattern: {why}")
}

/// The glob as a regular expression.
pub(crate) fn glob(pattern: &str) -> Result<Regex, String> {
    let mut out = String::from("(?s)^(?:");
    let mut depth = 0_usize;
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '*' => out.push_str(".*"),
            '?' => out.push('.'),
            '[' => {
                let (inner, behind) = letters.as_str().split_once(']').ok_or("unexpected end of input")?;
                out.push_str(&class(inner)?);
                letters = behind.chars();
            }
            '{' => {
                depth += 1;
                out.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                out.push(')');
            }
            ',' if depth > 0 => out.push('|'),
            '\\' => out.push_str(&regex::escape(&String::from_iter(letters.next()))),
            letter => out.push_str(&regex::escape(letter.encode_utf8(&mut [0; 4]))),
        }
    }
    if depth > 0 {
        return Err("unexpected end of input".to_owned());
    }
    out.push_str(")$");
    Regex::new(&out).map_err(|error| error.to_string())
}

/// What stands between brackets.
fn class(inner: &str) -> Result<String, String> {
    let (not, inner) = inner.strip_prefix('!').map_or(("", inner), |inner| ("^", inner));
    if inner.is_empty() {
        return Err("unexpected length of list of characters: empty".to_owned());
    }
    let letters: Vec<char> = inner.chars().collect();
    if let [low, '-', high] = letters[..] {
        let (low, high) = (regex::escape(&low.to_string()), regex::escape(&high.to_string()));
        return Ok(format!("[{not}{low}-{high}]"));
    }
    let escaped: String = letters.iter().map(|letter| regex::escape(&letter.to_string())).collect();
    Ok(format!("[{not}{escaped}]"))
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn fits_the_whole_text() {
        for (pattern, text, want) in [
            ("hello*", "hello world", true),
            ("hello*", "say hello", false),
            ("*/health*", "a/health\nb", true),
            ("h?llo", "hallo", true),
            ("h?llo", "hllo", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[abc]", "c", true),
            ("{cat,b*t}s", "boats", true),
            ("{cat,bat}s", "rats", false),
            (r"a\*b", "a*b", true),
            (r"a\*b", "axb", false),
            ("a.b", "axb", false),
            ("**", "any/thing", true),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(glob(pattern).unwrap().is_match(text), want, "{pattern} {text}");
        }
        for bad in ["[a", "{a", "[]"] {
            assert!(glob(bad).is_err(), "{bad}");
        }
    }
}
