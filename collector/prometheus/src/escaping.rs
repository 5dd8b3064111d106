//! Names that have all kinds of characters, for readers that cannot take them.

use std::{borrow::Cow, fmt::Write};

/// What becomes of characters that older readers cannot take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Escaping {
    /// They are underscores.
    #[default]
    Underscores,
    /// Dots are `_dot_`, underscores two of them, others too.
    Dots,
    /// `U__` stands before the name, and numbers between underscores for them.
    Values,
    /// Nothing.
    AllowUtf8,
}

/// Whether the name is one that every reader takes as a label's.
pub fn is_label(name: &str) -> bool {
    !name.is_empty() && name.char_indices().all(|(at, c)| is_fine(at, c) && c != ':')
}

/// Whether the name is one that every reader takes as a metric's.
pub fn is_metric(name: &str) -> bool {
    !name.is_empty() && name.char_indices().all(|(at, c)| is_fine(at, c))
}

fn is_fine(at: usize, c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '_' | ':') || c.is_ascii_digit() && at > 0
}

impl Escaping {
    /// The ways and their words in a request.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("underscores", Self::Underscores),
        ("dots", Self::Dots),
        ("values", Self::Values),
        ("allow-utf-8", Self::AllowUtf8),
    ];

    /// The way's word.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, way)| *way == self).map_or("", |(word, _)| word)
    }

    /// The name, which `is_fine` without escaping or not.
    pub fn escape(self, name: &str, is_fine_name: fn(&str) -> bool) -> Cow<'_, str> {
        // Dots are told apart from underscores, so these are escaped too.
        if name.is_empty() || self == Self::AllowUtf8 || self != Self::Dots && is_fine_name(name) {
            return name.into();
        }
        let colon = is_fine_name(":");
        let mut made = String::with_capacity(name.len() + 8);
        if self == Self::Values {
            made.push_str("U__");
        }
        for (at, c) in name.char_indices() {
            let fine = is_fine(at, c) && (c != ':' || colon);
            match self {
                Self::Dots | Self::Values if c == '_' => made.push_str("__"),
                Self::Dots if c == '.' => made.push_str("_dot_"),
                Self::Dots if !fine => made.push_str("__"),
                Self::Values if !fine => {
                    // Writing into a text does not fail.
                    let _ = write!(made, "_{:x}_", u32::from(c));
                }
                _ if fine => made.push(c),
                _ => made.push('_'),
            }
        }
        made.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_as_asked_for() {
        for (name, underscores, dots, values) in [
            ("no:escaping_required", "no:escaping_required", "no:escaping__required", "no:escaping_required"),
            (
                "mysystem.prod.west.cpu.load",
                "mysystem_prod_west_cpu_load",
                "mysystem_dot_prod_dot_west_dot_cpu_dot_load",
                "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load",
            ),
            ("http.status:sum", "http_status:sum", "http_dot_status:sum", "U__http_2e_status:sum"),
            ("label with 😱", "label_with__", "label__with____", "U__label_20_with_20__1f631_"),
            ("1a", "_a", "__a", "U___31_a"),
            ("", "", "", ""),
        ] {
            assert_eq!(Escaping::Underscores.escape(name, is_metric), underscores);
            assert_eq!(Escaping::Dots.escape(name, is_metric), dots);
            assert_eq!(Escaping::Values.escape(name, is_metric), values);
            assert_eq!(Escaping::AllowUtf8.escape(name, is_metric), name);
        }
        assert_eq!(Escaping::Underscores.escape("a:b", is_label), "a_b");
    }
}
