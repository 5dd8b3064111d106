//! Repeated scalars, which come packed in one field or one by one.

use super::text;
use crate::{
    fields::Fields,
    wire::{self, In},
};

/// Repeated counts: a histogram's buckets.
#[derive(Clone, Debug)]
pub struct Numbers<'a> {
    fields: Fields<'a>,
    number: u32,
    packed: In<'a>,
    fixed: bool,
}

impl<'a> Numbers<'a> {
    /// Counts of eight bytes each.
    pub(crate) fn fixed(body: In<'a>, number: u32) -> Self {
        Self { fields: Fields::of(body), number, packed: &[], fixed: true }
    }

    /// Counts in varints.
    pub(crate) fn varints(body: In<'a>, number: u32) -> Self {
        Self { fields: Fields::of(body), number, packed: &[], fixed: false }
    }

    fn take(&mut self) -> Option<u64> {
        if self.fixed {
            let (value, rest) = self.packed.split_first_chunk()?;
            self.packed = rest;
            return Some(u64::from_le_bytes(*value));
        }
        let (value, rest) = wire::varint(self.packed)?;
        self.packed = rest;
        Some(value)
    }
}

impl Iterator for Numbers<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        loop {
            if let Some(value) = self.take() {
                return Some(value);
            }
            self.packed = self.fields.find(|field| field.number == self.number)?.value;
        }
    }
}

/// Repeated doubles: a histogram's bounds.
#[derive(Clone, Debug)]
pub struct Doubles<'a>(Numbers<'a>);

impl<'a> Doubles<'a> {
    pub(crate) fn of(body: In<'a>, number: u32) -> Self {
        Self(Numbers::fixed(body, number))
    }
}

impl Iterator for Doubles<'_> {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        self.0.next().map(f64::from_bits)
    }
}

/// Repeated strings.
#[derive(Clone, Debug)]
pub struct Texts<'a> {
    fields: Fields<'a>,
    number: u32,
}

impl<'a> Texts<'a> {
    pub(crate) fn of(body: In<'a>, number: u32) -> Self {
        Self { fields: Fields::of(body), number }
    }
}

impl<'a> Iterator for Texts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.fields.find(|field| field.number == self.number).map(|field| text(field.value))
    }
}
