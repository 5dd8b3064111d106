//! Rules that change labels, and say what is kept.

use std::fmt::{self, Write};

use md5::{Digest, Md5};
use slimcol_pattern::{Size, compile_text};

use crate::labels::{Labels, is_name};

/// The pattern that a rule has without one.
const ANYTHING: &str = "(.*)";

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sets the target to the replacement, where the pattern matches the sources.
    Replace,
    /// Drops all whose sources the pattern does not match.
    Keep,
    /// Drops all whose sources the pattern matches.
    Drop,
    /// Drops all whose sources are another text than the target.
    KeepEqual,
    /// Drops all whose sources are the same text as the target.
    DropEqual,
    /// Sets the target to the remainder that a hash of the sources leaves by the modulus.
    HashMod,
    /// Gives labels that the pattern matches the replacement for a second name.
    LabelMap,
    /// Removes labels that the pattern matches.
    LabelDrop,
    /// Removes labels that the pattern does not match.
    LabelKeep,
    /// Sets the target to the sources in lower case.
    Lowercase,
    /// Sets the target to the sources in upper case.
    Uppercase,
}

impl Action {
    const ALL: [(&'static str, Self); 11] = [
        ("replace", Self::Replace),
        ("keep", Self::Keep),
        ("drop", Self::Drop),
        ("keepequal", Self::KeepEqual),
        ("dropequal", Self::DropEqual),
        ("hashmod", Self::HashMod),
        ("labelmap", Self::LabelMap),
        ("labeldrop", Self::LabelDrop),
        ("labelkeep", Self::LabelKeep),
        ("lowercase", Self::Lowercase),
        ("uppercase", Self::Uppercase),
    ];

    /// The action of that name, in whatever case.
    pub fn named(name: &str) -> Result<Self, String> {
        let lower = name.to_lowercase();
        let found = Self::ALL.iter().find(|(name, _)| *name == lower);
        found.map(|(_, action)| *action).ok_or_else(|| format!("unknown relabel action {name:?}"))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::ALL.iter().find(|(_, action)| action == self).map_or("", |(name, _)| name))
    }
}

/// A rule as it is written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The labels whose values it looks at, joined.
    pub source_labels: Vec<String>,
    /// What joins them, if not a semicolon.
    pub separator: Option<String>,
    /// What they have to match as a whole, if not anything.
    pub regex: Option<String>,
    /// What a hash is divided by.
    pub modulus: u64,
    /// The label that it sets.
    pub target_label: String,
    /// What it is set to, with the pattern's groups, if not to the first of them.
    pub replacement: Option<String>,
    /// What it does.
    pub action: Action,
}

/// A rule that can be applied.
#[derive(Clone, Debug)]
pub struct Rule {
    sources: Vec<String>,
    separator: String,
    pattern: regex::Regex,
    modulus: u64,
    target: String,
    replacement: String,
    action: Action,
    legacy: bool,
}

impl Rule {
    /// The rule; `legacy`: names are the older ones. The error is Prometheus'.
    pub fn new(written: &Written, legacy: bool) -> Result<Self, String> {
        use Action::{
            DropEqual, HashMod, KeepEqual, LabelDrop, LabelKeep, LabelMap, Lowercase, Replace, Uppercase,
        };
        let Written { action, modulus, .. } = *written;
        let target = &written.target_label;
        let of_values = matches!(action, Lowercase | Uppercase | KeepEqual | DropEqual);
        if modulus == 0 && action == HashMod {
            return Err("relabel configuration for hashmod requires non-zero modulus".into());
        }
        if (matches!(action, Replace | HashMod) || of_values) && target.is_empty() {
            return Err(format!("relabel configuration for {action} action requires 'target_label' value"));
        }
        let variable = target.contains('$');
        let is_valid = is_name(&target.replace(['$', '{', '}'], "_"), legacy);
        if (action == Replace && !(if variable { is_valid } else { is_name(target, legacy) }))
            || ((of_values || action == HashMod) && !is_name(target, legacy))
        {
            return Err(format!("{target:?} is invalid 'target_label' for {action} action"));
        }
        if of_values && written.replacement.as_deref().is_some_and(|text| text != "$1") {
            return Err(format!("'replacement' can not be set for {action} action"));
        }
        let replacement = written.replacement.clone().unwrap_or_else(|| "$1".into());
        if action == LabelMap && !is_name(&replacement.replace(['$', '{', '}'], "_"), legacy) {
            return Err(format!("{replacement:?} is invalid 'replacement' for {action} action"));
        }
        let regex = written.regex.as_deref().unwrap_or(ANYTHING);
        let plain = modulus == 0
            && written.separator.as_deref().is_none_or(|text| text == ";")
            && replacement == "$1";
        if matches!(action, DropEqual | KeepEqual) && !(plain && written.regex.is_none()) {
            return Err(format!(
                "{action} action requires only 'source_labels' and `target_label`, and no other fields"
            ));
        }
        if matches!(action, LabelDrop | LabelKeep)
            && !(plain && written.source_labels.is_empty() && target.is_empty())
        {
            return Err(format!("{action} action requires only 'regex', and no other fields"));
        }
        Ok(Self {
            sources: written.source_labels.clone(),
            separator: written.separator.clone().unwrap_or_else(|| ";".into()),
            pattern: compile_text(&format!("^(?s:{regex})$"), Size::Config)?,
            modulus,
            target: target.clone(),
            replacement,
            action,
            legacy,
        })
    }

    /// What the metric's name may become by it.
    pub fn renames(&self) -> bool {
        self.target == "__name__"
    }

    /// Applies it; whether what has the labels is kept.
    fn apply(&self, labels: &mut Labels) -> bool {
        let mut value = String::new();
        for (nth, name) in self.sources.iter().enumerate() {
            if nth > 0 {
                value.push_str(&self.separator);
            }
            value.push_str(labels.get(name));
        }
        match self.action {
            Action::Keep => return self.pattern.is_match(&value),
            Action::Drop => return !self.pattern.is_match(&value),
            Action::KeepEqual => return labels.get(&self.target) == value,
            Action::DropEqual => return labels.get(&self.target) != value,
            Action::Replace => self.replace(&value, labels),
            Action::Lowercase => labels.set(&self.target, &value.to_lowercase()),
            Action::Uppercase => labels.set(&self.target, &value.to_uppercase()),
            Action::HashMod => {
                let digest = Md5::digest(value.as_bytes());
                // The lower half is what it always was.
                let half = digest.last_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
                let mut text = String::new();
                // Writing to a string cannot fail.
                let _ = write!(text, "{}", half % self.modulus.max(1));
                labels.set(&self.target, &text);
            }
            Action::LabelMap => {
                for (name, value) in labels.clone().iter() {
                    if self.pattern.is_match(name) {
                        labels.set(&self.pattern.replace_all(name, &*self.replacement), value);
                    }
                }
            }
            Action::LabelDrop => labels.retain(|name| !self.pattern.is_match(name)),
            Action::LabelKeep => labels.retain(|name| self.pattern.is_match(name)),
        }
        true
    }

    fn replace(&self, value: &str, labels: &mut Labels) {
        let Some(found) = self.pattern.captures(value) else { return };
        let mut target = String::new();
        found.expand(&self.target, &mut target);
        if !is_name(&target, self.legacy) {
            return;
        }
        let mut text = String::new();
        found.expand(&self.replacement, &mut text);
        labels.set(&target, &text);
    }
}

/// Applies all rules in order; whether what has the labels is kept.
pub fn process(rules: &[Rule], labels: &mut Labels) -> bool {
    rules.iter().all(|rule| rule.apply(labels))
}

#[cfg(test)]
mod tests;
