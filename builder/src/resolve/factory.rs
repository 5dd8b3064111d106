//! Whether a crate exports a factory, found in its source before anything is compiled.
//!
//! The source is cut into tokens, which takes no recursion, and only the one item that counts is looked at: a file that
//! nests without end breaks no parser here.

mod items;

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream, TokenTree};
use slimcol_config::{Issue, Place};

use self::items::{Body, Export, Exported};
use super::Package;
use crate::{bounded, class::Class};

/// The largest source file that is read.
const LARGEST: u64 = 8 << 20;
/// As many modules may stand between the root and the factory.
const DEEPEST: usize = 16;

/// Refuses a crate whose root has no public `FACTORY`: a static (or a constant) of type `Factory`, or one re-exported. Where the crate's
/// own source shows what the factory makes, it must be a `class`.
pub(super) fn check(package: &Package, class: Class) -> Result<(), Issue> {
    let root = Source::read(&package.library).map_err(|mut issue| {
        issue.message = format!("crate `{}` {}", package.name, issue.message);
        issue
    })?;
    let wanted = "`pub static FACTORY: slimcol_service::Factory`";
    let refused = |what: &str, source: &Source, span: Option<Span>| {
        Issue::new(format!("crate `{}` is not a component: {what}", package.name)).at(source.place(span))
    };
    let mut source = root;
    let mut name = "FACTORY".to_owned();
    for depth in 0..DEEPEST {
        let Some(export) = items::find(&source.tokens, &name) else {
            // A module that a macro makes can hold it; the root must show it.
            return match depth {
                0 => Err(refused(&format!("its library has no {wanted}"), &source, None)),
                _ => Ok(()),
            };
        };
        let Export { span, is_public, what } = export;
        if depth == 0 && !is_public {
            let issue = refused("its `FACTORY` is not public", &source, Some(span));
            return Err(issue.help(format!("make it {wanted}")));
        }
        let (path, renamed) = match what {
            Exported::NoFactory(what) => {
                let issue = refused(&format!("its `FACTORY` is {what}"), &source, Some(span));
                return Err(issue.help(format!("make it {wanted}")));
            }
            Exported::Factory { makes } => {
                let made = makes.and_then(|word| Class::from_word(&word)).filter(|made| *made != class);
                let Some(made) = made else { return Ok(()) };
                let message = format!(
                    "crate `{}` says that it is {}, and its `FACTORY` makes {}",
                    package.name,
                    class.with_article(),
                    made.with_article()
                );
                let help = format!("make it with `Factory::{class}`, or mend `kind` in its Cargo.toml");
                return Err(Issue::new(message).at(source.place(Some(span))).help(help));
            }
            Exported::Elsewhere { path, name } => (path, name),
        };
        match source.follow(&path) {
            Some(next) => (source, name) = (next, renamed),
            // Another crate's, or behind a macro: the compiler will say.
            None => return Ok(()),
        }
    }
    Ok(())
}

/// A module's source.
struct Source {
    file: PathBuf,
    text: String,
    tokens: Vec<TokenTree>,
    /// Where the files of its modules are.
    folder: PathBuf,
}

impl Source {
    /// The root module of the library at `file`.
    fn read(file: &Path) -> Result<Self, Issue> {
        let text = bounded::read_text(file, LARGEST)
            .map_err(|e| Issue::new(format!("has no library: cannot read `{}`: {e}", file.display())))?;
        let name = file.display().to_string();
        let tokens: TokenStream = text.parse().map_err(|error: proc_macro2::LexError| {
            let place = Place::in_text(&name, &text, error.span().byte_range());
            Issue::new("does not parse").at(place).help("no Rust, or a bracket without its partner")
        })?;
        let folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
        Ok(Self { file: file.to_path_buf(), text, tokens: tokens.into_iter().collect(), folder })
    }

    /// The module at `path` from here, if it is written in this crate's files.
    fn follow(&self, path: &[String]) -> Option<Self> {
        let mut source = Self {
            file: self.file.clone(),
            text: self.text.clone(),
            tokens: self.tokens.clone(),
            folder: self.folder.clone(),
        };
        let words = path.iter().skip_while(|word| matches!(word.as_str(), "self" | "crate"));
        for word in words {
            let inside = items::module(&source.tokens, word)?;
            let folder = source.folder.join(word);
            source = match inside {
                Body::Here(tokens) => Self { tokens: tokens.into_iter().collect(), folder, ..source },
                Body::File => {
                    let files = [source.folder.join(format!("{word}.rs")), folder.join("mod.rs")];
                    Self { folder, ..Self::read(files.iter().find(|file| file.is_file())?).ok()? }
                }
            };
        }
        Some(source)
    }

    fn place(&self, span: Option<Span>) -> Place {
        let range = span.map_or(0..0, |span| span.byte_range());
        Place::in_text(self.file.display().to_string(), &self.text, range)
    }
}

#[cfg(test)]
mod tests;
