//! XML as maps.

use std::collections::HashMap;

use slimcol_ottleval::{Fault, Unique, function::Args, value::Value};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};
use slimcol_xml::{Document, Item, Kind};

use super::read;

/// Each element is a map: its `tag`, and where there are some its `content`, `attributes` and `children`.
pub(super) fn parse(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let text = args.text(0)?;
    let document = Document::read_element(&text).map_err(Fault::new)?;
    let root = document.children(Item::ROOT).next();
    Ok(root.map_or_else(OwnValue::empty_map, |root| element(&document, root)).into())
}

fn element(document: &Document<'_>, item: Item) -> OwnValue {
    let mut content = String::new();
    let mut children = Vec::new();
    for child in document.children(item) {
        match document.kind(child) {
            Kind::Element => children.push(element(document, child)),
            Kind::Text | Kind::Data => content.push_str(document.text(child).trim()),
            _ => {}
        }
    }
    let mut attributes = Unique::default();
    for attribute in document.attributes(item) {
        attributes.put(&*attribute.name.local, ValueRef::Str(&attribute.value));
    }
    let attributes = attributes.into_pairs();
    let attributes = (!attributes.is_empty()).then(|| OwnValue::map(attributes));
    let children = (!children.is_empty()).then(|| OwnValue::list(children.iter().map(OwnValue::view)));
    let mut pairs = vec![("tag", ValueRef::Str(&document.name(item).local))];
    if !content.is_empty() {
        pairs.push(("content", ValueRef::Str(&content)));
    }
    pairs.extend(attributes.as_ref().map(|attributes| ("attributes", attributes.view())));
    pairs.extend(children.as_ref().map(|children| ("children", children.view())));
    OwnValue::map(pairs)
}

/// Elements by their names, with their texts or what is in them; those of the same name are a list. Attributes, text beside
/// elements and what is empty are left out.
pub(super) fn parse_simplified(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let text = args.text(0)?;
    let document = read(&text)?;
    Ok(simplified(&document, Item::ROOT).0.into())
}

/// What one name stands for.
enum Found {
    One(OwnValue),
    Many(Vec<OwnValue>),
}

/// What is in an element as a map, and how many entries that has.
fn simplified(document: &Document<'_>, item: Item) -> (OwnValue, usize) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let elements: Vec<Item> =
        document.children(item).filter(|child| document.kind(*child) == Kind::Element).collect();
    for element in &elements {
        *counts.entry(&document.name(*element).local).or_default() += 1;
    }
    let mut found: Unique<&str, Found> = Unique::default();
    for element in elements {
        if document.children(element).next().is_none() {
            continue;
        }
        let name: &str = &document.name(element).local;
        let value = leaf(document, element).or_else(|| {
            let (map, entries) = simplified(document, element);
            (entries > 0).then_some(map)
        });
        if counts.get(name).copied().unwrap_or_default() > 1 {
            if !found.contains(&name) {
                found.put(name, Found::Many(Vec::new()));
            }
            if let Some(Found::Many(list)) = found.get_mut(&name) {
                list.extend(value);
            }
        } else if let Some(value) = value {
            found.put(name, Found::One(value));
        }
    }
    let made: Vec<(&str, OwnValue)> = found
        .into_pairs()
        .into_iter()
        .map(|(name, found)| match found {
            Found::One(value) => (name, value),
            Found::Many(values) => (name, OwnValue::list(values.iter().map(OwnValue::view))),
        })
        .collect();
    (OwnValue::map(made.iter().map(|(name, value)| (*name, value.view()))), made.len())
}

/// The first text in an element without others.
fn leaf(document: &Document<'_>, item: Item) -> Option<OwnValue> {
    if document.children(item).any(|child| document.kind(child) == Kind::Element) {
        return None;
    }
    let first =
        document.children(item).find(|child| matches!(document.kind(*child), Kind::Text | Kind::Data))?;
    let text = document.text(first);
    (!text.is_empty()).then(|| ValueRef::Str(text).into())
}
