//! Request headers in both of their forms.

use crate::{
    Entry, Issue, Leaf, Node, Place, Secret, Shape, Shown,
    leaf::{item, joined},
};

/// Request headers: a map or a list of `{name, value}`, order kept, names as written, values secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(
    /// Names and values.
    pub Vec<(String, Secret)>,
);

impl Leaf for Headers {
    const SECRET: bool = true;
    const SHAPE: Shape = Shape::Headers;
    fn show(&self) -> Shown {
        let pair =
            |(name, value): &(String, Secret)| Shown::map([("name", name.show()), ("value", value.show())]);
        Shown::List(self.0.iter().map(pair).collect())
    }
    fn leaf(node: &Node) -> Result<Self, String> {
        joined(node)
    }
    fn read(node: &Node, at: &Place, path: &str, issues: &mut Vec<Issue>) -> Option<Self> {
        let Some(items) = node.items() else {
            if !node.is_map() {
                let message =
                    format!("'{path}' source data must be an array or slice, got {}", node.go_kind());
                issues.push(Issue::new(message).at(at.hidden()));
                return None;
            }
            let read = |e: &Entry| {
                let value = item(&e.value, e.value_place(), &format!("{path}[{}]", e.key), issues);
                value.map(|v| (e.key.clone(), v))
            };
            let pairs = node.entries().iter().map(read).collect::<Vec<_>>();
            return pairs.into_iter().collect::<Option<_>>().map(Self);
        };
        let before = issues.len();
        let mut pairs: Vec<(String, Secret)> = Vec::new();
        for (i, node) in items.iter().enumerate() {
            let path = format!("{path}[{i}]");
            if !node.is_map() {
                let message = format!("'{path}' expected a map or struct, got {:?}", node.go_kind());
                issues.push(Issue::new(message).at(node.place().hidden()));
                continue;
            }
            let (mut name, mut value) = (None, None);
            for e in node.entries() {
                let path = format!("{path}.{}", e.key);
                match e.key.as_str() {
                    "name" => name = item(&e.value, e.value_place(), &path, issues),
                    "value" => value = item(&e.value, e.value_place(), &path, issues),
                    key => issues.push(
                        Issue::new(format!(
                            "'{}' has invalid keys: {key}",
                            path.trim_end_matches(&format!(".{key}"))
                        ))
                        .at(e.place.hidden()),
                    ),
                }
            }
            let name: String = name.unwrap_or_default();
            if pairs.iter().any(|(n, _)| *n == name) {
                let message = format!("'{path}' duplicate keys in map-style list: [{name}]");
                issues.push(Issue::new(message).at(node.place().hidden()));
            }
            pairs.push((name, value.unwrap_or_default()));
        }
        (issues.len() == before).then_some(Self(pairs))
    }
}
