//! OTLP/JSON.
use crate::{Invalid, schema::table::Message};
pub(crate) fn write<'a>(_message: &Message, _pieces: impl Iterator<Item = &'a [u8]>, _to: &mut Vec<u8>) {}
pub(crate) fn read(_message: &Message, _text: &[u8]) -> Result<Vec<u8>, Invalid> {
    Err(Invalid::new(String::new()))
}
