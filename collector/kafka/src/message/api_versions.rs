//! Which versions of which requests a broker has.

use super::Request;
use crate::wire::{Malformed, Reader, Writer};

#[derive(Debug)]
pub(crate) struct ApiVersions;

/// Number, oldest and newest version of each request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ranges {
    pub(crate) error: i16,
    pub(crate) apis: Vec<(i16, i16, i16)>,
}

impl Request for ApiVersions {
    const KEY: i16 = 18;
    const NAME: &'static str = "ApiVersions";
    const VERSIONS: (i16, i16) = (0, 0);
    type Answer = Ranges;

    fn write(&self, _: i16, _: &mut Writer) {}

    fn read(_: i16, from: &mut Reader) -> Result<Ranges, Malformed> {
        let error = from.i16()?;
        let apis = from.list(6, |from| Ok((from.i16()?, from.i16()?, from.i16()?)))?;
        Ok(Ranges { error, apis })
    }
}
