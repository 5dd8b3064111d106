//! The words with which functions are defined.

use crate::function::{Call, Parameter, Ready, Takes};

/// A parameter that must be given.
pub(super) const fn takes(name: &'static str, takes: Takes) -> Parameter {
    Parameter { name, takes, optional: false }
}

/// A parameter that may be left out.
pub(super) const fn may_take(name: &'static str, takes: Takes) -> Parameter {
    Parameter { name, takes, optional: true }
}

/// For functions that need nothing made ready.
#[expect(clippy::unnecessary_wraps, reason = "others refuse")]
pub(super) fn nothing(_: &Call) -> Result<Ready, String> {
    Ok(Ready::Nothing)
}

/// A converter that needs nothing made ready.
macro_rules! converter {
    ($name:literal, [$($parameter:expr),* $(,)?], $run:expr) => {
        $crate::function::Function {
            name: $name,
            parameters: &[$($parameter),*],
            prepare: $crate::functions::define::nothing,
            run: $crate::function::Run::Converter($run),
        }
    };
    ($name:literal, [$($parameter:expr),* $(,)?], $prepare:expr, $run:expr) => {
        $crate::function::Function {
            name: $name,
            parameters: &[$($parameter),*],
            prepare: $prepare,
            run: $crate::function::Run::Converter($run),
        }
    };
}

/// An editor, with what makes it ready or without.
macro_rules! editor {
    ($name:literal, [$($parameter:expr),* $(,)?], $run:expr) => {
        $crate::function::Function {
            name: $name,
            parameters: &[$($parameter),*],
            prepare: $crate::functions::define::nothing,
            run: $crate::function::Run::Editor($run),
        }
    };
    ($name:literal, [$($parameter:expr),* $(,)?], $prepare:expr, $run:expr) => {
        $crate::function::Function {
            name: $name,
            parameters: &[$($parameter),*],
            prepare: $prepare,
            run: $crate::function::Run::Editor($run),
        }
    };
    ($name:literal, $parameters:expr, $prepare:expr, $run:expr) => {
        $crate::function::Function {
            name: $name,
            parameters: &$parameters,
            prepare: $prepare,
            run: $crate::function::Run::Editor($run),
        }
    };
}

pub(super) use {converter, editor};
