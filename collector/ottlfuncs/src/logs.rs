//! Log formats of firewalls, web servers and their collectors.

mod cef;
mod clf;
mod elf;
mod leef;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use slimcol_ottleval::{
    Fault,
    function::{Args, Function, Takes, converter, may_take, takes},
};

pub(super) const FUNCTIONS: &[Function] = &[
    converter!("ParseCEF", [takes("target", Takes::Text)], |args| cef::parse(&message(args, "CEF")?)
        .map(Into::into)),
    converter!(
        "ParseCLF",
        [takes("target", Takes::Text), may_take("format", Takes::LiteralText)],
        clf::known_format,
        |args| clf::parse(&message(args, "CLF")?, clf::combined(args.call)).map(Into::into)
    ),
    converter!("ParseELF", [takes("target", Takes::Text)], |args| elf::parse(&message(args, "ELF")?)
        .map(Into::into)),
    converter!("ParseLEEF", [takes("target", Takes::Text)], |args| leef::parse(&message(args, "LEEF")?)
        .map(Into::into)),
];

fn message<'a>(args: Args<'a>, format: &str) -> Result<Cow<'a, str>, Fault> {
    let text = args.text(0)?;
    if text.is_empty() {
        return Err(Fault::new(format!("cannot parse empty {format} message")));
    }
    Ok(text)
}
