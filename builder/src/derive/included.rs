//! Whole sections that a configuration takes from elsewhere (`receivers: ${file:receivers.yaml}`): which components there
//! are must be known now, so they are looked up now.

use std::{env, path::Path};

use slimcol_config::{Entry, Expression, Issue, Node, expressions, parse};

use super::{Configuration, content::BYTES};
use crate::bounded::read_text;

/// The mapping that `section` of `configuration` stands for.
pub(super) fn tree(section: &Entry, configuration: &Configuration) -> Result<Node, Issue> {
    let (node, place) = (section.value(), section.value_place());
    let unknown = |why: String| {
        Issue::new(format!("which components there are cannot be known: {why}"))
            .at(place.clone())
            .help("write the section out, or build from a configuration that has it")
    };
    let no_mapping =
        || Issue::new("a section of a configuration is a mapping of components").at(place.clone());
    let text = node.as_str().ok_or_else(no_mapping)?;
    let mut found = expressions(node);
    let (Some(Ok(Expression { scheme, rest: Some(rest), .. })), true) = (found.pop(), found.is_empty())
    else {
        return Err(if text.contains("${") {
            unknown(format!("`{text}` depends on more than one thing"))
        } else {
            no_mapping()
        });
    };
    let (name, text) = match &*scheme {
        "file" => file(&rest, configuration).map_err(|e| unknown(format!("`{rest}` cannot be read: {e}")))?,
        "yaml" => ("yaml:".to_owned(), rest),
        "env" => {
            let (variable, default) = rest.split_once(":-").map_or((&*rest, None), |(n, d)| (n, Some(d)));
            let value = env::var(variable).ok().filter(|value| !value.is_empty());
            let value = value.or_else(|| default.map(str::to_owned));
            let value = value.ok_or_else(|| unknown(format!("the variable `{variable}` is not set here")))?;
            (format!("env:{variable}"), value)
        }
        _ => return Err(unknown(format!("`{scheme}:` is read when the collector starts"))),
    };
    let mut tree = parse(&name, &text).map_err(|e| e.issues()[0].clone())?;
    if !tree.is_map() {
        return Err(no_mapping());
    }
    // A file has lines to point at; a variable may hold secrets and a text in place is a line of its own.
    if scheme != "file" {
        tree.stand_at(place);
    }
    Ok(tree)
}

/// Relative paths start where the collector will: from the working directory. Where that is later, nobody knows, so the
/// configuration's own folder is tried too.
fn file(path: &str, configuration: &Configuration) -> std::io::Result<(String, String)> {
    let here = read_text(Path::new(path), BYTES).map(|text| (path.to_owned(), text));
    let beside = configuration.files.first().and_then(|file| file.parent()).map(|folder| folder.join(path));
    match (here, beside) {
        (Err(first), Some(beside)) if Path::new(path).is_relative() => {
            let name = beside.display().to_string();
            read_text(&beside, BYTES).map(|text| (name, text)).map_err(|_| first)
        }
        (here, _) => here,
    }
}
