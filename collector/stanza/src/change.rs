//! Operators that change entries without parsing.

mod add;
mod assign_keys;
mod copy;
mod flatten;
mod regex_replace;
mod remove;
mod retain;
mod sanitize_utf8;
mod unquote;

pub(crate) use self::{
    add::Add,
    assign_keys::AssignKeys,
    copy::{Copy, Move},
    flatten::Flatten,
    regex_replace::RegexReplace,
    remove::Remove,
    retain::Retain,
    sanitize_utf8::SanitizeUtf8,
    unquote::Unquote,
};

use slimcol_config::Section;

use crate::Field;

/// A field that has to be written. Go takes most operators without one, and ends with a nil pointer at the first entry.
fn required(from: &mut Section<'_>, key: &'static str) -> Field {
    if !from.has(key) {
        from.error("", format_args!("missing required field '{key}'"));
    }
    from.get(key, Field::BODY)
}
