//! OpenTelemetry's names as Prometheus', as its library `otlptranslator` makes them.

use std::borrow::Cow;

use crate::units;

/// What a metric is, as far as its name says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A gauge.
    Gauge,
    /// A sum that only grows.
    Counter,
    /// A sum that shrinks too.
    UpDown,
    /// A histogram of either kind.
    Histogram,
    /// A summary.
    Summary,
}

/// How names are made: `translation_strategy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Translation {
    /// Other characters become underscores, units and types are put behind.
    Full,
    /// Other characters become underscores.
    WithoutSuffixes,
    /// Units and types are put behind.
    OnlySuffixes,
    /// Names stay as they are.
    None,
}

impl Translation {
    /// The strategies and their words.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("UnderscoreEscapingWithSuffixes", Self::Full),
        ("UnderscoreEscapingWithoutSuffixes", Self::WithoutSuffixes),
        ("NoUTF8EscapingWithSuffixes", Self::OnlySuffixes),
        ("NoTranslation", Self::None),
    ];

    const fn escapes(self) -> bool {
        matches!(self, Self::Full | Self::WithoutSuffixes)
    }

    const fn appends(self) -> bool {
        matches!(self, Self::Full | Self::OnlySuffixes)
    }
}

/// Makes names.
#[derive(Clone, Debug)]
pub struct Namer {
    /// How.
    pub translation: Translation,
    /// What stands before metrics' names.
    pub namespace: String,
    /// What more is done to labels' names.
    pub labels: Labels,
}

/// How labels' names are made, where they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Labels {
    /// Each other character is an underscore.
    #[default]
    Preserving,
    /// Underscores in a row are one, but for those around a name that begins and ends with two. A name that begins with one
    /// underscore gets `key` before it.
    Collapsing,
}

impl Default for Namer {
    fn default() -> Self {
        Self { translation: Translation::Full, namespace: String::new(), labels: Labels::Preserving }
    }
}

const fn is_fine(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == ':'
}

fn only_underscores(name: &str) -> bool {
    name.bytes().all(|byte| byte == b'_')
}

impl Namer {
    /// A metric's name.
    ///
    /// # Errors
    /// Nothing is left of it.
    pub fn metric(&self, name: &str, unit: &str, kind: Kind) -> Result<String, String> {
        if !self.translation.escapes() {
            return Ok(self.appended(name, unit, kind));
        }
        let made = if self.translation.appends() { self.full(name, unit, kind) } else { self.plain(name) };
        if made.is_empty() {
            return Err(format!("normalization for metric {name:?} resulted in empty name"));
        }
        if made != name && only_underscores(&made) {
            return Err(format!("normalization for metric {name:?} resulted in invalid name {made:?}"));
        }
        Ok(made)
    }

    /// The name with other characters as underscores.
    fn plain(&self, name: &str) -> String {
        let fields = |name: &str| {
            let fields = name.split(|c| !is_fine(c) && c != '_').filter(|field| !field.is_empty());
            fields.collect::<Vec<_>>().join("_")
        };
        let name = fields(name);
        if !self.namespace.is_empty() {
            return format!("{}_{name}", fields(&self.namespace));
        }
        before_digit("_", name)
    }

    /// The name with other characters as underscores, single ones, and what it ends with.
    fn full(&self, name: &str, unit: &str, kind: Kind) -> String {
        let mut tokens: Vec<&str> = name.split(|c| !is_fine(c)).filter(|token| !token.is_empty()).collect();
        let (main, per) = units::words(unit);
        let (mut main, per) = (cleaned(main), cleaned(&per));
        if tokens.contains(&main.as_str()) {
            main.clear();
        }
        let mut per = if per == "per_" { "" } else { per.strip_suffix('_').unwrap_or(&per) };
        if tokens.contains(&per) {
            per = "";
        }
        let main = if per.is_empty() { main.as_str() } else { main.strip_suffix('_').unwrap_or(&main) };
        tokens.extend([main, per].into_iter().filter(|word| !word.is_empty()));
        let mut ends_with = |word: &'static str| {
            tokens.retain(|token| *token != word);
            tokens.push(word);
        };
        match kind {
            Kind::Counter => ends_with("total"),
            Kind::Gauge if unit == "1" => ends_with("ratio"),
            _ => {}
        }
        if !self.namespace.is_empty() {
            tokens.insert(0, &self.namespace);
        }
        before_digit("_", tokens.join("_"))
    }

    /// The name as it is, with what it ends with.
    fn appended(&self, name: &str, unit: &str, kind: Kind) -> String {
        let mut made = match self.namespace.as_str() {
            "" => name.to_owned(),
            namespace => format!("{namespace}_{name}"),
        };
        if !self.translation.appends() {
            return made;
        }
        let last = match kind {
            Kind::Counter => "total",
            Kind::Gauge if unit == "1" => "ratio",
            _ => "",
        };
        let (main, per) = units::words(unit);
        // From the outermost inwards, so that each is there once.
        for suffix in [last, per.as_str()].into_iter().filter(|suffix| !suffix.is_empty()) {
            cut(&mut made, suffix);
        }
        if !main.is_empty() && !made.ends_with(main) {
            made.extend(["_", main]);
        }
        for suffix in [per.as_str(), last].into_iter().filter(|suffix| !suffix.is_empty()) {
            made.extend(["_", suffix]);
        }
        made
    }

    /// A unit's word, as descriptions of metrics have it.
    pub fn unit(&self, unit: &str) -> String {
        let (main, per) = units::words(unit);
        let made = match (main, per.as_str()) {
            ("", per) => per.to_owned(),
            (main, "") => main.to_owned(),
            (main, per) => format!("{main}_{per}"),
        };
        let made = if self.translation.escapes() { cleaned(&made) } else { made };
        made.strip_suffix('_').unwrap_or(&made).to_owned()
    }

    /// A label's name.
    ///
    /// # Errors
    /// Nothing is left of it.
    pub fn label<'n>(&self, name: &'n str) -> Result<Cow<'n, str>, String> {
        if name.is_empty() {
            return Err("label name is empty".to_owned());
        }
        if !self.translation.escapes() {
            if only_underscores(name) {
                return Err(format!("label name {name:?} contains only underscores"));
            }
            return Ok(name.into());
        }
        let fine = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let collapsing = self.labels == Labels::Collapsing;
        let mut made: Cow<'n, str> = if collapsing && name.contains("__") || !name.chars().all(fine) {
            let escaped = name.chars().map(|c| if fine(c) { c } else { '_' });
            if collapsing { collapsed(name) } else { escaped.collect::<String>() }.into()
        } else {
            name.into()
        };
        if made.starts_with(|c: char| c.is_ascii_digit()) {
            made.to_mut().insert_str(0, "key_");
        } else if collapsing && made.starts_with('_') && !made.starts_with("__") {
            made.to_mut().insert_str(0, "key");
        }
        if only_underscores(&made) {
            return Err(format!("normalization for label name {name:?} resulted in invalid name {made:?}"));
        }
        Ok(made)
    }
}

/// A label's name with single underscores.
fn collapsed(name: &str) -> String {
    let reserved = name.strip_prefix("__").and_then(|name| name.strip_suffix("__"));
    let mut made = String::with_capacity(name.len());
    let mut last = false;
    for c in reserved.unwrap_or(name).chars() {
        let fine = c.is_ascii_alphanumeric();
        if fine || !last {
            made.push(if fine { c } else { '_' });
        }
        last = !fine;
    }
    if reserved.is_some() { format!("__{made}__") } else { made }
}

fn before_digit(prefix: &str, mut name: String) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert_str(0, prefix);
    }
    name
}

/// A unit's word of fine characters and single underscores, none of them in front.
fn cleaned(unit: &str) -> String {
    let mut made = String::with_capacity(unit.len());
    for c in unit.chars() {
        if is_fine(c) {
            made.push(c);
        } else if !made.is_empty() && !made.ends_with('_') {
            made.push('_');
        }
    }
    made
}

/// Removes a word from the end, and what stands before it.
fn cut(name: &mut String, suffix: &str) {
    if name.ends_with(suffix) && name.len() > suffix.len() + 1 {
        name.truncate(name.len() - suffix.len());
        name.pop();
    }
}

#[cfg(test)]
mod tests;
