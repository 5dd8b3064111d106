//! Repeated messages.

use std::marker::PhantomData;

use crate::fields::Fields;

/// Something that looks into a message's bytes.
pub trait View<'a>: Copy {
    /// A look into `body`, which must have been checked; otherwise what is read is arbitrary, though nothing panics.
    fn of(body: &'a [u8]) -> Self;
}

/// The messages of one repeated field, in order.
#[derive(Clone, Debug)]
pub struct Each<'a, T> {
    fields: Fields<'a>,
    number: u32,
    view: PhantomData<fn() -> T>,
}

impl<'a, T> Each<'a, T> {
    pub(crate) fn of(body: &'a [u8], number: u32) -> Self {
        Self { fields: Fields::of(body), number, view: PhantomData }
    }
}

impl<'a, T: View<'a>> Iterator for Each<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.fields.find(|field| field.number == self.number).map(|field| T::of(field.value))
    }
}
