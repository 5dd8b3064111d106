//! Values in a text, as Go's `fmt.Sprintf` puts them there: `Format`.

pub(super) mod float;
mod show;

use slimcol_ottleval::{
    Fault,
    function::{Args, Function, Takes, converter, takes},
    value::{Look, Value},
};

use self::show::Flags;

pub(super) const FUNCTIONS: &[Function] =
    &[converter!("Format", [takes("format", Takes::LiteralText), takes("vals", Takes::Values)], format)];

/// Widths and precisions above this are none.
const MOST: usize = 1_000_000;

fn format(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let values = args.call.items(1).iter().map(|item| item.value(args.of));
    let values = values.collect::<Result<Vec<_>, _>>()?;
    let text = args.call.literal_text(0).unwrap_or_default();
    Ok(printed(text, &values).into())
}

fn printed(text: &str, values: &[Value<'_>]) -> String {
    let mut printer = Printer { rest: text, values, next: 0, reordered: false, good: true };
    let mut out = String::new();
    while let Some((before, verb)) = printer.rest.split_once('%') {
        out.push_str(before);
        printer.rest = verb;
        printer.verb(&mut out);
    }
    out.push_str(printer.rest);
    printer.extra(&mut out);
    out
}

struct Printer<'t, 'v> {
    /// What is left of the format.
    rest: &'t str,
    values: &'v [Value<'v>],
    /// The next value.
    next: usize,
    /// Whether some verb said which value it is for.
    reordered: bool,
    /// Whether the current verb does not say it wrongly.
    good: bool,
}

impl<'v> Printer<'_, 'v> {
    fn eat(&mut self, letter: char) -> bool {
        let found = self.rest.strip_prefix(letter);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn take(&mut self) -> Option<Look<'v>> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        Some(value.look())
    }

    fn number(&mut self) -> Option<usize> {
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits.parse().ok().filter(|number| *number <= MOST)
    }

    /// `[2]`: which value comes next. Whether there was such an index.
    fn index(&mut self) -> bool {
        if !self.rest.starts_with('[') {
            return false;
        }
        self.reordered = true;
        let Some((inner, behind)) = self.rest[1..].split_once(']') else {
            self.rest = &self.rest[1..];
            self.good = false;
            return false;
        };
        self.rest = behind;
        let number = Some(inner).filter(|inner| inner.bytes().all(|b| b.is_ascii_digit()));
        match number.and_then(|number| number.parse::<usize>().ok()) {
            Some(number) if (1..=self.values.len()).contains(&number) => self.next = number - 1,
            _ => {
                self.good = false;
                return number.is_some();
            }
        }
        true
    }

    /// The number that a value gives in place of `*`.
    fn starred(&mut self) -> Option<i64> {
        match self.take() {
            Some(Look::Data(slimcol_pdata::view::ValueRef::Int(number))) => {
                Some(number).filter(|number| usize::try_from(number.unsigned_abs()).is_ok_and(|n| n <= MOST))
            }
            _ => None,
        }
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        loop {
            let flag = match self.rest.bytes().next() {
                Some(b'#') => &mut flags.sharp,
                Some(b'0') => &mut flags.zero,
                Some(b'+') => &mut flags.plus,
                Some(b'-') => &mut flags.minus,
                Some(b' ') => &mut flags.space,
                _ => return flags,
            };
            *flag = true;
            self.rest = &self.rest[1..];
        }
    }

    /// What stands behind a `%`, of which it makes text.
    fn verb(&mut self, out: &mut String) {
        self.good = true;
        let mut flags = self.flags();
        let mut indexed = self.index();
        if self.eat('*') {
            match self.starred() {
                Some(width) => {
                    flags.minus |= width < 0;
                    flags.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => out.push_str("%!(BADWIDTH)"),
            }
            indexed = false;
        } else {
            flags.width = self.number();
            self.good &= !indexed || flags.width.is_none();
        }
        if self.eat('.') {
            self.good &= !indexed;
            indexed = self.index();
            if self.eat('*') {
                match self.starred() {
                    Some(precision) => flags.precision = usize::try_from(precision).ok(),
                    None => out.push_str("%!(BADPREC)"),
                }
                indexed = false;
            } else {
                flags.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !indexed {
            self.index();
        }
        let mut letters = self.rest.chars();
        let Some(verb) = letters.next() else {
            out.push_str("%!(NOVERB)");
            return;
        };
        self.rest = letters.as_str();
        if verb == '%' {
            out.push('%');
        } else if !self.good {
            out.extend(["%!", verb.encode_utf8(&mut [0; 4]), "(BADINDEX)"]);
        } else if let Some(value) = self.take() {
            flags.show(value, verb, out);
        } else {
            out.extend(["%!", verb.encode_utf8(&mut [0; 4]), "(MISSING)"]);
        }
    }

    /// The values for which there was no verb.
    fn extra(&mut self, out: &mut String) {
        if self.reordered || self.next >= self.values.len() {
            return;
        }
        out.push_str("%!(EXTRA ");
        for (at, value) in self.values[self.next..].iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            if !value.is_nil() {
                out.push_str(show::type_name(value.look()));
                out.push('=');
            }
            Flags::default().show(value.look(), 'v', out);
        }
        out.push(')');
    }
}

#[cfg(test)]
mod tests;
