//! Functions: what they are called, what they take, and calls of them. Here is what a function is made of; the functions
//! themselves are a library of their own, but for those that most statements have ([`functions`](crate::functions)).

mod args;
mod call;
mod define;
mod takes;

use std::{any::Any, fmt};

use slimcol_pdata::edit::ShortPair;

pub use self::{
    args::{Args, list_of, map_of, text_of},
    call::{Argument, Call, Item},
    define::{may_take, nothing, takes},
    takes::{Parameter, Takes},
};
use crate::{context::Context, fault::Fault, pattern::Pattern, value::Value};
pub use crate::{converter, editor, program::Place};

/// A function of the language.
pub struct Function {
    /// What statements call it.
    pub name: &'static str,
    /// What it takes.
    pub parameters: &'static [Parameter],
    /// Looks at the arguments that are the same for all records, once.
    pub prepare: fn(&Call) -> Result<Ready, String>,
    /// What it does.
    pub run: Run,
}

/// What a function does.
#[derive(Clone, Copy, Debug)]
pub enum Run {
    /// Gives a value.
    Converter(for<'a> fn(Args<'a>) -> Result<Value<'a>, Fault>),
    /// Changes the record.
    Editor(fn(&Call, &mut dyn Context) -> Result<(), Fault>),
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Functions as statements are compiled with them.
#[derive(Clone, Copy, Debug)]
pub struct Functions {
    /// Those that there are.
    pub there: &'static [&'static [Function]],
    /// Those that the Go collector has and that are not there, and why.
    pub absent: &'static [(&'static [&'static str], &'static str)],
}

impl Functions {
    /// All that there are.
    pub fn all(self) -> impl Iterator<Item = &'static Function> {
        self.there.iter().copied().flatten()
    }

    /// The function of that name.
    pub fn find(self, name: &str) -> Option<&'static Function> {
        self.all().find(|function| function.name == name)
    }

    /// Why the Go collector's function of that name is not there.
    pub fn absent(self, name: &str) -> Option<&'static str> {
        self.absent.iter().find(|(names, _)| names.contains(&name)).map(|(_, why)| *why)
    }
}

/// What was made ready before the first record.
#[derive(Debug)]
pub enum Ready {
    /// Nothing.
    Nothing,
    /// The regular expression or the glob that a literal is.
    Pattern(Pattern),
    /// The attribute that is set, written.
    Pair(ShortPair),
    /// What only the function knows.
    Own(Box<dyn Any + Send + Sync>),
}

impl Ready {
    /// What only the function knows, which asks for it with [`Call::ready`].
    pub fn own(own: impl Any + Send + Sync) -> Self {
        Self::Own(Box::new(own))
    }
}
