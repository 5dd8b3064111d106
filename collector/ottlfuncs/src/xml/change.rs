//! XML changed: what comes of it is XML again.

use slimcol_ottleval::{Fault, function::Args, value::Value};
use slimcol_xml::{Document, Item, Kind};

use super::{read, select};

/// So many nodes may a document have to which others are added for each place that was found.
const MOST: usize = 1_000_000;

fn written(document: &Document<'_>) -> Value<'static> {
    document.written(&document.children(Item::ROOT).collect::<Vec<_>>()).into()
}

/// Elements and texts as they are, attributes and text in brackets as text.
pub(super) fn get(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let text = args.text(0)?;
    if text.is_empty() {
        return Ok(String::new().into());
    }
    let document = read(&text)?;
    let mut out = String::new();
    for item in select(args, &document)? {
        match document.kind(item) {
            Kind::Data if !item.is_attribute() => out.push_str(&document.escaped_text(item)),
            Kind::Element | Kind::Text => out.push_str(&document.written(&[item])),
            _ => {}
        }
    }
    Ok(out.into())
}

/// A document without anything in it can be added to as well.
pub(super) fn insert(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let (text, other) = (args.text(0)?, args.text(2)?);
    let mut document = if text.is_empty() { Document::default() } else { read(&text)? };
    let other = read(&other)?;
    for item in select(args, &document)? {
        if item.is_attribute() || !matches!(document.kind(item), Kind::Element | Kind::Document) {
            let shown = match document.kind(item) {
                _ if item.is_attribute() => document.name(item).local.clone(),
                _ => document.inner_text(item),
            };
            return Err(Fault::new(format!("InsertXML XPath selected non-element: {shown:?}")));
        }
        if !document.append(item, &other, MOST) {
            return Err(Fault::new(format!("InsertXML: the document has more than {MOST} nodes")));
        }
    }
    Ok(written(&document))
}

pub(super) fn remove(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let text = args.text(0)?;
    if text.is_empty() {
        return Ok(String::new().into());
    }
    let mut document = read(&text)?;
    for item in select(args, &document)? {
        match document.kind(item) {
            Kind::Text if !item.is_attribute() => document.clear_text(item),
            Kind::Element | Kind::Comment | Kind::Data => document.remove(item),
            _ => {}
        }
    }
    Ok(written(&document))
}

pub(super) fn attributes_to_elements(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let text = args.text(0)?;
    let mut document = read(&text)?;
    for item in select(args, &document)? {
        if item.is_attribute() && document.kind(item) == Kind::Element {
            document.to_element(item);
        }
    }
    Ok(written(&document))
}

/// Text that does not stand alone in its element gets one of its own, wherever it is below what was found.
pub(super) fn text_to_elements(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let text = args.text(0)?;
    let name = args.call.literal_text(2).filter(|name| !name.is_empty()).unwrap_or("value");
    let mut document = read(&text)?;
    let mut waiting = select(args, &document)?;
    let mut seen = std::collections::HashSet::new();
    while let Some(item) = waiting.pop() {
        let parent = !item.is_attribute() && matches!(document.kind(item), Kind::Element | Kind::Document);
        if !parent || !seen.insert(item) {
            continue;
        }
        let children: Vec<Item> = document.children(item).collect();
        let texts: Vec<Item> =
            children.iter().copied().filter(|child| document.kind(*child) == Kind::Text).collect();
        let elements = children.iter().filter(|child| document.kind(**child) == Kind::Element).count();
        waiting.extend(children);
        if elements + texts.len() > 1 {
            for text in texts {
                document.wrap(text, name);
            }
        }
    }
    Ok(written(&document))
}
