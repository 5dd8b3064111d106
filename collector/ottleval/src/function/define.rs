//! The words with which functions are defined.

use super::{Call, Parameter, Ready, Takes};

/// A parameter that must be given.
pub const fn takes(name: &'static str, takes: Takes) -> Parameter {
    Parameter { name, takes, optional: false }
}

/// A parameter that may be left out.
pub const fn may_take(name: &'static str, takes: Takes) -> Parameter {
    Parameter { name, takes, optional: true }
}

/// For functions that need nothing made ready.
pub fn nothing(_: &Call) -> Result<Ready, String> {
    Ok(Ready::Nothing)
}

/// A converter, with what makes it ready or without.
#[macro_export]
macro_rules! converter {
    ($name:literal, [$($parameter:expr),* $(,)?], $run:expr) => {
        $crate::function::Function {
            name: $name,
            parameters: &[$($parameter),*],
            prepare: $crate::function::nothing,
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
#[macro_export]
macro_rules! editor {
    ($name:literal, [$($parameter:expr),* $(,)?], $run:expr) => {
        $crate::function::Function {
            name: $name,
            parameters: &[$($parameter),*],
            prepare: $crate::function::nothing,
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
