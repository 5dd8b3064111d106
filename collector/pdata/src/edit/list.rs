//! Repeated messages inside an item: events, links, exemplars.

use std::marker::PhantomData;

use super::message::MessageMut;
use crate::put;

/// A kind of message that can be changed: the editors with any lifetime stand for their kind.
pub trait Editor: sealed::Editor {}

impl<T: sealed::Editor> Editor for T {}

pub(super) mod sealed {
    use super::MessageMut;

    /// Makes an editor of a message.
    pub trait Editor {
        /// The editor, for as long as the message is borrowed.
        type On<'a>;

        #[expect(private_interfaces, reason = "nobody else can call it")]
        fn on(message: MessageMut<'_>) -> Self::On<'_>;
    }
}

/// The messages of a repeated field, to be changed.
#[derive(Debug)]
pub struct ListMut<'a, T> {
    message: MessageMut<'a>,
    number: u32,
    editor: PhantomData<fn() -> T>,
}

impl<'a, T: Editor> ListMut<'a, T> {
    pub(super) fn of(message: MessageMut<'a>, number: u32) -> Self {
        Self { message, number, editor: PhantomData }
    }

    /// Calls `change` on each message, in order.
    pub fn each(&mut self, mut change: impl FnMut(T::On<'_>)) {
        self.message.each(self.number, |message| {
            change(T::on(message));
            true
        });
    }

    /// Removes the messages of which `keep` says no. It may change those that stay.
    pub fn retain(&mut self, mut keep: impl FnMut(T::On<'_>) -> bool) {
        self.message.each(self.number, |message| keep(T::on(message)));
    }

    /// Adds an empty message at the end.
    pub fn push(&mut self) -> T::On<'_> {
        let (end, number) = (self.message.bytes().len(), self.number);
        self.message.append(|to| put::head(to, number, 0));
        T::on(self.message.nested_at(end))
    }

    /// Removes all messages.
    pub fn clear(&mut self) {
        self.message.clear(self.number);
    }
}
