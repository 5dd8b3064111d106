//! What libraries say of themselves: the hash of a Rust crate, and the symbols of C and assembly.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use object::{Object as _, ObjectSymbol as _, SymbolKind, read::archive::ArchiveFile};

/// The symbols and source files of a static library.
#[derive(Debug, Default)]
pub(super) struct Library {
    /// The symbols that others may use.
    pub(super) public: BTreeSet<String>,
    /// The symbols of its own.
    pub(super) private: BTreeSet<String>,
    /// The source files of its parts, where they tell.
    pub(super) files: BTreeSet<String>,
}

impl Library {
    /// Adds the library in `file`. Parts that are not objects are nothing to us.
    pub(super) fn add(&mut self, file: &Path) -> Result<(), String> {
        let broken = |what: String| format!("`{}` cannot be read: {what}", file.display());
        let data = fs::read(file).map_err(|e| broken(e.to_string()))?;
        let archive = ArchiveFile::parse(&*data).map_err(|e| broken(e.to_string()))?;
        for member in archive.members() {
            let part = member.and_then(|member| member.data(&*data)).map_err(|e| broken(e.to_string()))?;
            let Ok(object) = object::File::parse(part) else { continue };
            for symbol in object.symbols().filter(|symbol| !symbol.is_undefined()) {
                let Ok(name) = symbol.name() else { continue };
                let set = match (symbol.kind(), symbol.is_local()) {
                    (SymbolKind::File, _) => &mut self.files,
                    (_, true) => &mut self.private,
                    (_, false) => &mut self.public,
                };
                set.insert(name.to_owned());
            }
        }
        Ok(())
    }
}

/// The hash in the symbols of the crate `name`, which the compiler made `library` for. Its functions carry it, whether they are
/// machine code there or bitcode; a library without any does not tell.
pub(super) fn hash(library: &[u8], name: &str) -> Option<u64> {
    // `Cs<hash>_<length><name>`, with an underscore before a name that could be taken for a longer number.
    let separator = if name.starts_with(|c: char| c.is_ascii_digit() || c == '_') { "_" } else { "" };
    let needle = format!("_{}{separator}{name}", name.len());
    let mut found: BTreeMap<&[u8], usize> = BTreeMap::new();
    for at in memchr::memmem::find_iter(library, needle.as_bytes()) {
        // 64 bits are at most eleven digits to the base of 62.
        for digits in 1..=11.min(at.saturating_sub(2)) {
            let text = &library[at - digits..at];
            if !text[0].is_ascii_alphanumeric() {
                break;
            }
            if &library[at - digits - 2..at - digits] == b"Cs" {
                *found.entry(text).or_default() += 1;
            }
        }
    }
    // By chance the letters before a short reading may stand inside of a longer one: the longer of two equally frequent ones.
    let (digits, _) = found.into_iter().max_by_key(|(text, count)| (*count, text.len()))?;
    number(digits)
}

/// A number as symbols write it. What has digits is one more than they say, since nothing is the smallest; and where it may be
/// left out, one more again.
fn number(digits: &[u8]) -> Option<u64> {
    let mut number: u64 = 0;
    for digit in digits {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'z' => digit - b'a' + 10,
            b'A'..=b'Z' => digit - b'A' + 36,
            _ => return None,
        };
        number = number.checked_mul(62)?.checked_add(u64::from(value))?;
    }
    number.checked_add(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::mangled;

    #[test]
    fn a_hash_is_the_number_that_demangled_symbols_show() {
        let symbol = "_RNvNtCsseBXxcGZqO_22slimcol_exporter_debug8detailed4text";
        let long = mangled::long(symbol).unwrap();
        let named = mangled::crate_of(&long).unwrap();
        assert_eq!(hash(symbol.as_bytes(), "slimcol_exporter_debug"), Some(named.hash), "{long}");
        assert_eq!(hash(symbol.as_bytes(), "slimcol_exporter"), None);
    }

    #[test]
    fn the_most_frequent_hash_counts() {
        let library = b"xCsab_2h2..Csab_2h2..yCsz_2h2 Cs9_3abc";
        assert_eq!(hash(library, "h2"), number(b"ab"));
        assert_eq!(hash(library, "abc"), number(b"9"));
        assert_eq!(hash(b"Csa_2h2Csb", "other"), None);
        assert_eq!(hash(b"_2h2", "h2"), None);
    }
}
