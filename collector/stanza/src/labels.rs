//! Attributes that a configuration gives to entries: texts, in which `EXPR(…)` may stand.

use std::collections::BTreeMap;

use slimcol_expr::Template;

use crate::{Entry, Map, Shared, Text, Value};

/// Names, and what they get.
#[derive(Debug, Default)]
pub struct Labels(Vec<(Text, Label)>);

#[derive(Debug)]
enum Label {
    Plain(Text),
    Template(Template),
}

impl Labels {
    /// Compiles the values; the error is Go's.
    pub fn new(from: &BTreeMap<String, String>) -> Result<Self, String> {
        let label = |(name, text): (&String, &String)| {
            let template = Template::compile(text)?;
            let label = match template.plain() {
                Some(plain) => Label::Plain(plain.into()),
                None => Label::Template(template),
            };
            Ok((Text::from(&**name), label))
        };
        from.iter().map(label).collect::<Result<_, String>>().map(Self)
    }

    /// What they are, if that is the same for all entries.
    pub fn constant(&self) -> Option<Shared> {
        let pair = |(name, label): &(Text, Label)| match label {
            Label::Plain(text) => Some((name.clone(), Value::Text(text.clone()))),
            Label::Template(_) => None,
        };
        self.0.iter().map(pair).collect::<Option<_>>().map(|pairs| Shared::new(Map::from_pairs(pairs)))
    }

    /// Puts them on the entry's attributes.
    pub fn label(&self, entry: &mut Entry) -> Result<(), String> {
        for (name, label) in &self.0 {
            let text = label.text(entry)?;
            entry.attributes.insert(name.clone(), Value::Text(text));
        }
        Ok(())
    }

    /// Puts them on the entry's resource.
    pub fn label_resource(&self, entry: &mut Entry) -> Result<(), String> {
        for (name, label) in &self.0 {
            let text = label.text(entry)?;
            entry.resource.insert(name.clone(), Value::Text(text));
        }
        Ok(())
    }
}

impl Label {
    fn text(&self, entry: &Entry) -> Result<Text, String> {
        match self {
            Self::Plain(text) => Ok(text.clone()),
            Self::Template(template) => template.render(entry).map(Text::from),
        }
    }
}
