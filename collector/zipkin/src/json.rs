//! JSON as Go's `encoding/json` takes it: names in any case, unknown ones ignored, null for what is not there.

use std::borrow::Cow;

use slimcol_pdata::{json::Lexer, put, view::ValueRef};

use crate::Error;

/// A cursor in JSON.
pub(crate) struct Json<'a>(Lexer<'a>);

impl<'a> Json<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self(Lexer::new(text))
    }

    /// Says that the text ends here.
    pub(crate) fn end(mut self) -> Result<(), Error> {
        match self.0.peek() {
            None => Ok(()),
            Some(_) => Err(self.0.unexpected("Read", "expect the end of the text").into()),
        }
    }

    /// Calls `member` with the name of each member of an object, to read its value; never for null.
    pub(crate) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Cow<'a, str>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.0.null()? {
            return Ok(());
        }
        self.0.expect(b'{', "ReadObject", "expect { or n")?;
        if self.0.take(b'}') {
            return Ok(());
        }
        loop {
            let name = text(self.0.string()?);
            self.0.expect(b':', "ReadObject", "expect : after object field")?;
            member(self, name)?;
            if !self.0.take(b',') {
                return Ok(self.0.expect(b'}', "ReadObject", "expect , or }")?);
            }
        }
    }

    /// Calls `item` for each item of a list, to read it; never for null.
    pub(crate) fn list(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        if self.0.null()? {
            return Ok(());
        }
        self.0.expect(b'[', "ReadArray", "expect [ or n")?;
        if self.0.take(b']') {
            return Ok(());
        }
        loop {
            item(self)?;
            if !self.0.take(b',') {
                return Ok(self.0.expect(b']', "ReadArray", "expect , or ]")?);
            }
        }
    }

    /// Takes null, if that is next.
    pub(crate) fn null(&mut self) -> Result<bool, Error> {
        Ok(self.0.null()?)
    }

    /// A string; null is empty.
    pub(crate) fn text(&mut self) -> Result<Cow<'a, str>, Error> {
        if self.0.null()? { Ok(Cow::Borrowed("")) } else { Ok(text(self.0.string()?)) }
    }

    /// A string, or a number or a boolean as it is written.
    pub(crate) fn scalar(&mut self) -> Result<Cow<'a, str>, Error> {
        match self.0.peek() {
            Some(b't' | b'f') => Ok(Cow::Borrowed(if self.0.bool()? { "true" } else { "false" })),
            Some(b'-' | b'0'..=b'9') => Ok(Cow::Borrowed(self.0.number()?)),
            _ => self.text(),
        }
    }

    /// A whole number; null is zero.
    pub(crate) fn whole<N: std::str::FromStr + Default>(&mut self) -> Result<N, Error> {
        if self.0.null()? {
            return Ok(N::default());
        }
        let number = self.0.number()?;
        number.parse().map_err(|_| self.0.fault("ReadInt", "the number does not fit the field").into())
    }

    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        Ok(self.0.skip()?)
    }

    /// What the annotations and links that this project's and Go's exporters write carry as attributes.
    fn plain(&mut self) -> Result<Option<Plain<'a>>, Error> {
        Ok(Some(match self.0.peek() {
            Some(b'"') => Plain::Text(text(self.0.string()?)),
            Some(b't' | b'f') => Plain::Bool(self.0.bool()?),
            Some(b'-' | b'0'..=b'9') => {
                let number = self.0.number()?;
                Plain::Number(number.parse().unwrap_or_default())
            }
            _ => {
                self.0.skip()?;
                return Ok(None);
            }
        }))
    }
}

/// A value that is neither list nor map.
enum Plain<'a> {
    Text(Cow<'a, str>),
    Bool(bool),
    Number(f64),
}

/// Appends the members of the object `json` as attributes: texts, booleans and numbers, the whole ones as such. What is nested
/// is left out.
pub(crate) fn attributes(json: &str, number: u32, to: &mut Vec<u8>) -> Result<(), Error> {
    let mut members = Vec::new();
    let mut reader = Json::new(json.as_bytes());
    reader.object(|reader, name| {
        if let Some(value) = reader.plain()? {
            members.push((name, value));
        }
        Ok(())
    })?;
    reader.end()?;
    keep_last(&mut members);
    for (name, value) in &members {
        let value = match value {
            Plain::Text(text) => ValueRef::Str(text),
            Plain::Bool(value) => ValueRef::Bool(*value),
            #[expect(clippy::cast_possible_truncation, reason = "it is whole, and what is too large is cut")]
            Plain::Number(value) if value.fract() == 0.0 => ValueRef::Int(*value as i64),
            Plain::Number(value) => ValueRef::Double(*value),
        };
        put::attribute(to, number, name, value);
    }
    Ok(())
}

/// Sorts by key and keeps the last value of each: JSON's and Go's maps have one.
pub(crate) fn keep_last<K: Ord, V>(pairs: &mut Vec<(K, V)>) {
    slimcol_order::sort_by(pairs, |(a, _), (b, _)| a.cmp(b));
    pairs.reverse();
    pairs.dedup_by(|(a, _), (b, _)| a == b);
    pairs.reverse();
}

fn text(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(
            String::from_utf8(bytes)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
        ),
    }
}
