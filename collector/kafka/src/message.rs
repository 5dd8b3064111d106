//! The messages between this client and a broker, each with the versions of it that this client speaks. All of them are from
//! before flexible versions, and brokers from 0.11 to 4.x have at least one of each.

pub(crate) mod api_versions;
pub(crate) mod fetch;
pub(crate) mod group;
pub(crate) mod metadata;
pub(crate) mod offsets;
pub(crate) mod produce;
pub(crate) mod sasl;

use bytes::Bytes;

use crate::{
    Error,
    wire::{Malformed, Reader, Writer},
};

/// A request, and how its answer is read.
pub(crate) trait Request: Sync {
    /// The request's number.
    const KEY: i16;
    /// The request's name in messages.
    const NAME: &'static str;
    /// The oldest and the newest version that this client speaks.
    const VERSIONS: (i16, i16);
    /// What comes back.
    type Answer: Send;

    fn write(&self, version: i16, to: &mut Writer);

    fn read(version: i16, from: &mut Reader) -> Result<Self::Answer, Malformed>;
}

/// A request on its way, and room for its answer. Connections see no more of it, so that what they do is compiled once and not
/// for each request.
pub(crate) trait Exchange: Send {
    /// The request's number.
    fn key(&self) -> i16;
    /// The request's name in messages.
    fn name(&self) -> &'static str;
    /// The oldest and the newest version that this client speaks.
    fn versions(&self) -> (i16, i16);

    fn write(&self, version: i16, to: &mut Writer);

    fn read(&mut self, version: i16, from: &mut Reader) -> Result<(), Malformed>;
}

/// A request that is an [`Exchange`].
pub(crate) struct Asked<'a, R: Request> {
    request: &'a R,
    answer: Option<R::Answer>,
}

impl<'a, R: Request> Asked<'a, R> {
    pub(crate) fn new(request: &'a R) -> Self {
        Self { request, answer: None }
    }

    /// The answer, after an exchange that went well.
    pub(crate) fn answer(self) -> Result<R::Answer, Error> {
        self.answer.ok_or(Error::Malformed("the broker has not answered"))
    }
}

impl<R: Request> Exchange for Asked<'_, R> {
    fn key(&self) -> i16 {
        R::KEY
    }

    fn name(&self) -> &'static str {
        R::NAME
    }

    fn versions(&self) -> (i16, i16) {
        R::VERSIONS
    }

    fn write(&self, version: i16, to: &mut Writer) {
        self.request.write(version, to);
    }

    fn read(&mut self, version: i16, from: &mut Reader) -> Result<(), Malformed> {
        self.answer = Some(R::read(version, from)?);
        Ok(())
    }
}

/// The request as it is sent, its length before it.
pub(crate) fn frame(request: &dyn Exchange, version: i16, number: i32, client: &str) -> Vec<Bytes> {
    let mut to = Writer::default();
    to.i16(request.key());
    to.i16(version);
    to.i32(number);
    to.nullable_string((!client.is_empty()).then_some(client));
    request.write(version, &mut to);
    let mut len = Writer::default();
    len.len_of(to.len());
    let mut parts = len.finish();
    parts.extend(to.finish());
    parts
}

#[cfg(test)]
mod tests;
