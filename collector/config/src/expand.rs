//! `${…}` in values: innermost first, again and again until nothing changes, then `$$` to `$`.
//!
//! Retrieving takes time and expanding does not, so that the two alternate: a [`Pass`] expands what is known and lists
//! what is missing, and who calls it retrieves that and makes another pass.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use crate::{Issue, Node, Place, location::Location, node::Value};

/// How often one value may be expanded, and how many passes there may be; Go's limit.
pub(crate) const ROUNDS: usize = 1000;
/// Deepest tree that expansion may make.
const DEPTH: usize = 250;
/// How much all expansions together may put in, in bytes; Go has no such limit and dies of `A='${A}${A}'`.
pub(crate) const BUDGET: usize = 16 << 20;
/// What an expansion costs on top of its text.
const COST: usize = 64;

/// What a location gave.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The value it parses to.
    pub(crate) value: Node,
    /// Its text, which takes its place inside longer texts.
    pub(crate) text: String,
}

/// What is known of locations: an answer, or why there is none.
pub(crate) type Known = HashMap<String, Result<Answer, Issue>>;

/// One walk over the tree.
#[derive(Debug)]
pub(crate) struct Pass<'k> {
    known: &'k Known,
    /// What must be retrieved before the next pass, and where it is first referred to.
    pub(crate) missing: BTreeMap<String, (Location, Place)>,
    budget: &'k mut usize,
}

impl<'k> Pass<'k> {
    pub(crate) fn new(known: &'k Known, budget: &'k mut usize) -> Self {
        Self { known, missing: BTreeMap::new(), budget }
    }

    /// Expands what can be expanded in `node` and below.
    pub(crate) fn expand(&mut self, node: &mut Node) -> Result<(), Issue> {
        self.node(node, 0)
    }

    fn node(&mut self, node: &mut Node, depth: usize) -> Result<(), Issue> {
        if depth > DEPTH {
            return Err(too_many(&node.place));
        }
        if let Value::Text(text) = &mut node.value {
            let text = std::mem::take(text);
            self.text(node, text)?;
        }
        self.original(node);
        match &mut node.value {
            Value::List(items) => items.iter_mut().try_for_each(|n| self.node(n, depth + 1)),
            Value::Map(entries) => entries.iter_mut().try_for_each(|e| self.node(&mut e.value, depth + 1)),
            _ => Ok(()),
        }
    }

    /// Expands `text` and makes `node` what comes out: a value of any kind if `text` is one expression.
    fn text(&mut self, node: &mut Node, mut text: String) -> Result<(), Issue> {
        for _ in 0..ROUNDS {
            let Some(at) = find(&text) else {
                node.value = Value::Text(text);
                return Ok(());
            };
            let Some(answer) = self.answer(&text[at.clone()], &node.place)? else {
                node.value = Value::Text(text);
                return Ok(());
            };
            if at.len() < text.len() {
                text = self.replace(&text, &at, answer, &node.place)?;
                continue;
            }
            self.charge(answer.text.len(), &node.place)?;
            match &answer.value.value {
                Value::Text(whole) => text.clone_from(whole),
                value => {
                    let place = node.place.clone();
                    *node = Node::new(value.clone(), place.clone());
                    node.stand_at(&place);
                    node.original = Some(answer.text.as_str().into());
                    return Ok(());
                }
            }
        }
        Err(too_many(&node.place))
    }

    /// The text that stands for a value in string fields is expanded by itself; if that cannot be, there is none.
    fn original(&mut self, node: &mut Node) {
        let Some(original) = node.original.take() else { return };
        let mut text = String::from(original);
        for _ in 0..ROUNDS {
            let Some(at) = find(&text) else {
                node.original = Some(text.into());
                return;
            };
            match self.answer(&text[at.clone()], &node.place) {
                Ok(Some(answer)) => match self.replace(&text, &at, answer, &node.place) {
                    Ok(replaced) => text = replaced,
                    Err(_) => return,
                },
                Ok(None) => {
                    node.original = Some(text.into());
                    return;
                }
                Err(_) => return,
            }
        }
    }

    /// What is known of an expression; `None` if it must be retrieved first.
    fn answer(&mut self, expression: &str, place: &Place) -> Result<Option<&'k Answer>, Issue> {
        let body = &expression[2..expression.len() - 1];
        let location = Location::of_expression(body).map_err(|m| Issue::new(m).at(place.clone()))?;
        match self.known.get(&location.text()) {
            Some(Ok(answer)) => Ok(Some(answer)),
            Some(Err(issue)) => Err(issue.clone().at(place.clone())),
            None => {
                self.missing.entry(location.text()).or_insert_with(|| (location, place.clone()));
                Ok(None)
            }
        }
    }

    fn replace(
        &mut self,
        text: &str,
        at: &Range<usize>,
        answer: &Answer,
        place: &Place,
    ) -> Result<String, Issue> {
        let expression = &text[at.clone()];
        let times = text.matches(expression).count();
        self.charge(text.len().saturating_add(times.saturating_mul(answer.text.len())), place)?;
        Ok(text.replace(expression, &answer.text))
    }

    fn charge(&mut self, bytes: usize, place: &Place) -> Result<(), Issue> {
        *self.budget = self.budget.checked_sub(bytes.saturating_add(COST)).ok_or_else(|| too_many(place))?;
        Ok(())
    }
}

fn too_many(place: &Place) -> Issue {
    Issue::new("too many recursive expansions").at(place.clone())
}

/// The expression to expand first: what the first `}` closes, unless an odd number of `$` before its `${` escapes it.
pub(crate) fn find(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    loop {
        let end = from + text[from..].find('}')? + 1;
        if let Some(start) = text[from..end].rfind("${").map(|i| from + i) {
            let dollars = text[from..start].bytes().rev().take_while(|b| *b == b'$').count();
            if dollars % 2 == 0 {
                return Some(start..end);
            }
        }
        from = end;
    }
}

/// Makes `$$` a `$` in every text.
pub(crate) fn unescape(node: &mut Node) {
    if let Some(original) = &mut node.original {
        *original = original.replace("$$", "$").into();
    }
    match &mut node.value {
        Value::Text(text) if text.contains("$$") => *text = text.replace("$$", "$"),
        Value::List(items) => items.iter_mut().for_each(unescape),
        Value::Map(entries) => entries.iter_mut().for_each(|e| unescape(&mut e.value)),
        _ => {}
    }
}
