//! Lines that say something about a family.

use std::borrow::Cow;

use crate::{Kind, ParseError, series::unescaped_help};

pub(crate) fn name(bytes: &[u8]) -> Result<&str, ParseError> {
    let wrong = |_| ParseError::new(format!("invalid metric name: {:?}", String::from_utf8_lossy(bytes)));
    std::str::from_utf8(bytes).map_err(wrong)
}

pub(crate) fn help(text: &[u8], open: bool) -> Result<Cow<'_, str>, ParseError> {
    if std::str::from_utf8(text).is_err() {
        let shown = String::from_utf8_lossy(text);
        return Err(ParseError::new(format!("help text {shown:?} is not a valid utf8 string")));
    }
    Ok(unescaped_help(text, open))
}

pub(crate) fn kind(word: &[u8], open: bool) -> Result<Kind, ParseError> {
    let word = String::from_utf8_lossy(word);
    Kind::of(&word, open).ok_or_else(|| ParseError::new(format!("invalid metric type {word:?}")))
}
