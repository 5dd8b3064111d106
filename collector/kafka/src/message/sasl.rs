//! Saying who this client is.

use bytes::Bytes;

use super::Request;
use crate::wire::{Malformed, Reader, Writer};

/// Names the mechanism.
#[derive(Debug)]
pub(crate) struct Handshake(pub(crate) &'static str);

impl Request for Handshake {
    const KEY: i16 = 17;
    const NAME: &'static str = "SaslHandshake";
    const VERSIONS: (i16, i16) = (1, 1);
    type Answer = (i16, Vec<String>);

    fn write(&self, _: i16, to: &mut Writer) {
        to.string(self.0);
    }

    fn read(_: i16, from: &mut Reader) -> Result<Self::Answer, Malformed> {
        Ok((from.i16()?, from.list(2, Reader::string)?))
    }
}

/// One step of the mechanism.
#[derive(Debug)]
pub(crate) struct Authenticate<'a>(pub(crate) &'a [u8]);

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) error: i16,
    pub(crate) message: Option<String>,
    pub(crate) bytes: Bytes,
    /// How long the connection may be used; 0 is without limit.
    pub(crate) lifetime_ms: i64,
}

impl Request for Authenticate<'_> {
    const KEY: i16 = 36;
    const NAME: &'static str = "SaslAuthenticate";
    const VERSIONS: (i16, i16) = (0, 1);
    type Answer = Step;

    fn write(&self, _: i16, to: &mut Writer) {
        to.bytes(self.0);
    }

    fn read(version: i16, from: &mut Reader) -> Result<Step, Malformed> {
        let (error, message, bytes) = (from.i16()?, from.nullable_string()?, from.bytes()?);
        let lifetime_ms = if version >= 1 { from.i64()? } else { 0 };
        Ok(Step { error, message, bytes, lifetime_ms })
    }
}
