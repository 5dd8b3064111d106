//! XML as trees: read with the rules and messages of Go's `encoding/xml`, searched with the part of `XPath` 1.0 that statements
//! use, changed, and written again.
//!
//! ```
//! use slimcol_xml::{Document, Path};
//!
//! let document = Document::read("<a><b id='1'>x</b><b/></a>").unwrap();
//! let path = Path::parse("/a/b[@id='1']").unwrap();
//! let found = path.select(&document).unwrap();
//! assert_eq!(document.written(&found), "<b id=\"1\">x</b>");
//! ```

mod reader;
mod tree;
mod write;
mod xpath;

#[cfg(test)]
mod tests;

pub use self::{
    reader::DEPTH,
    tree::{Attribute, Document, Item, Kind, Name},
    xpath::Path,
};
