//! Editors of the values in maps.

use std::collections::HashMap;

use slimcol_ottleval::{
    Context, Fault, Unique,
    function::{Call, Function, Ready, Takes, editor, map_of, may_take, takes},
    value::Value,
};
use slimcol_pdata::{
    edit::OwnValue,
    view::{Attributes, ValueRef},
};

pub(super) const FUNCTIONS: &[Function] = &[
    editor!(
        "merge_maps",
        [
            takes("target", Takes::MapPlace),
            takes("source", Takes::Map),
            takes("strategy", Takes::LiteralText)
        ],
        strategy,
        merge_maps
    ),
    editor!("stringify_all", [takes("target", Takes::MapPlace)], stringify_all),
    editor!(
        "flatten",
        [
            takes("target", Takes::MapPlace),
            may_take("prefix", Takes::LiteralText),
            may_take("depth", Takes::LiteralInt),
            may_take("resolve_conflicts", Takes::LiteralBool)
        ],
        deep,
        flatten
    ),
];

fn strategy(call: &Call) -> Result<Ready, String> {
    match call.literal_text(2).unwrap_or_default() {
        "insert" | "update" | "upsert" => Ok(Ready::Nothing),
        other => Err(format!("invalid value for strategy, {other}, must be 'insert', 'update' or 'upsert'")),
    }
}

/// The merged map is made at once: to insert key by key would take quadratic time.
fn merge_maps(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let strategy = call.literal_text(2).unwrap_or_default();
    let place = call.place(0)?;
    let (target, source) = (place.get(on)?, call.on(on).value(1)?);
    let (old, new) = (map_of(&target)?, map_of(&source)?);
    let merged = Value::Made(merged(old, new, strategy));
    place.set(on, &merged)
}

fn merged(old: Attributes<'_>, new: Attributes<'_>, strategy: &str) -> OwnValue {
    let mut pairs: Vec<(&str, ValueRef<'_>)> = old.iter().collect();
    let mut places = HashMap::new();
    for (at, (key, _)) in pairs.iter().enumerate() {
        places.entry(*key).or_insert(at);
    }
    for (key, value) in new {
        match (places.get(key), strategy) {
            (Some(at), "update" | "upsert") => pairs[*at].1 = value,
            (None, "insert" | "upsert") => {
                places.insert(key, pairs.len());
                pairs.push((key, value));
            }
            _ => {}
        }
    }
    OwnValue::map(pairs)
}

fn stringify_all(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    call.change_map(
        0,
        on,
        |map| map.iter().any(|(_, value)| value.as_str().is_none()),
        |map| {
            map.each(|mut attribute| {
                if attribute.value().as_str().is_none() {
                    let text = attribute.value().to_text().into_owned();
                    attribute.value_mut().set(text.as_str());
                }
            });
            Ok(())
        },
    )
}

fn deep(call: &Call) -> Result<Ready, String> {
    match call.literal_int(2) {
        Some(depth) if depth < 1 => {
            Err(format!("invalid depth '{depth}' for flatten function, must be greater than 0"))
        }
        _ => Ok(Ready::Nothing),
    }
}

fn flatten(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let place = call.place(0)?;
    let old = place.get(on)?;
    let mut flat = Flat {
        pairs: Unique::default(),
        again: HashMap::new(),
        resolve: call.literal_bool(3).unwrap_or(false),
        deepest: call.literal_int(2).unwrap_or(i64::MAX),
    };
    let prefix = call.literal_text(1).unwrap_or_default();
    flat.map(map_of(&old)?, prefix, 0);
    let all = flat.pairs.iter().map(|(key, value)| (key.as_str(), *value));
    let made = Value::Made(OwnValue::map(all));
    place.set(on, &made)
}

/// A map without maps and lists in it.
struct Flat<'v> {
    pairs: Unique<String, ValueRef<'v>>,
    /// How often keys came again.
    again: HashMap<String, usize>,
    resolve: bool,
    deepest: i64,
}

impl<'v> Flat<'v> {
    fn map(&mut self, map: Attributes<'v>, prefix: &str, depth: i64) {
        for (key, value) in map {
            let key = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
            self.value(key, value, depth);
        }
    }

    fn value(&mut self, key: String, value: ValueRef<'v>, depth: i64) {
        match value {
            ValueRef::Map(map) if depth < self.deepest => self.map(map, &key, depth + 1),
            ValueRef::Array(values) if depth < self.deepest => {
                for (at, item) in values.iter().enumerate() {
                    let numbered = format!("{key}.{at}");
                    match item {
                        ValueRef::Map(map) if depth + 1 < self.deepest => self.map(map, &numbered, depth + 2),
                        ValueRef::Array(_) if depth + 1 < self.deepest => {
                            self.value(numbered, item, depth + 2);
                        }
                        // Items of a list are all called as the list is, and told apart as what conflicts is.
                        item if self.resolve => self.put(key.clone(), item),
                        item => self.put(numbered, item),
                    }
                }
            }
            value => self.put(key, value),
        }
    }

    fn put(&mut self, key: String, value: ValueRef<'v>) {
        if !self.resolve || !self.pairs.contains(&key) {
            self.pairs.put(key, value);
            return;
        }
        let again = self.again.entry(key.clone()).or_default();
        let other = format!("{key}.{again}");
        *again += 1;
        self.pairs.put(other, value);
    }
}
