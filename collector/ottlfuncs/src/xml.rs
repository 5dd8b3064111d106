//! XML, read into maps and changed as text.

mod change;
mod maps;

use slimcol_ottleval::{
    Fault,
    function::{Args, Call, Function, Ready, Takes, converter, may_take, takes},
};
use slimcol_xml::{Document, Path};

pub(super) const FUNCTIONS: &[Function] = &[
    converter!("ParseXML", [takes("target", Takes::Text)], maps::parse),
    converter!("ParseSimplifiedXML", [takes("target", Takes::Text)], maps::parse_simplified),
    converter!(
        "GetXML",
        [takes("target", Takes::Text), takes("x_path", Takes::LiteralText)],
        path,
        change::get
    ),
    converter!(
        "InsertXML",
        [
            takes("target", Takes::Text),
            takes("x_path", Takes::LiteralText),
            takes("sub_document", Takes::Text)
        ],
        path,
        change::insert
    ),
    converter!(
        "RemoveXML",
        [takes("target", Takes::Text), takes("x_path", Takes::LiteralText)],
        path,
        change::remove
    ),
    converter!(
        "ConvertAttributesToElementsXML",
        [takes("target", Takes::Text), may_take("x_path", Takes::LiteralText)],
        path,
        change::attributes_to_elements
    ),
    converter!(
        "ConvertTextToElementsXML",
        [
            takes("target", Takes::Text),
            may_take("x_path", Takes::LiteralText),
            may_take("element_name", Takes::LiteralText)
        ],
        path,
        change::text_to_elements
    ),
];

/// Without a path all attributes are meant, or the whole document.
fn path(call: &Call) -> Result<Ready, String> {
    let text = match call.literal_text(1) {
        Some(text) if !text.is_empty() || call.requires(1) => text,
        _ if call.name() == "ConvertTextToElementsXML" => "/",
        _ => "//@*",
    };
    let path = Path::parse(text).map_err(|why| format!("invalid xpath: {why}"))?;
    Ok(Ready::own(path))
}

fn read(text: &str) -> Result<Document<'_>, Fault> {
    Document::read(text).map_err(|why| Fault::new(format!("parse xml: {why}")))
}

/// What the path finds in the document.
fn select(args: Args<'_>, document: &Document<'_>) -> Result<Vec<slimcol_xml::Item>, Fault> {
    match args.call.ready::<Path>() {
        Some(path) => path.select(document).map_err(Fault::new),
        None => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests;
