//! `slimcol why`: which components want a crate.

use std::{fmt::Write as _, fs};

use clap::Args;
use serde::Serialize;
use slimcol_config::nearest;

use super::{
    aside::{self, Aside},
    selection::Selection,
};
use crate::{
    error::{Doing as _, Error},
    graph::{Graph, Linked},
    report,
    resolve::Plan,
};

/// The arguments.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The crate (`h2`), if need be with its version (`h2@0.4.20`)
    #[arg(value_name = "CRATE")]
    wanted: String,
    #[command(flatten)]
    selection: Selection,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

/// One version of a crate and who wants it.
#[derive(Debug, Serialize)]
struct Answer {
    name: String,
    version: String,
    /// The component that the crate is.
    component: Option<String>,
    features: Vec<String>,
    /// Whether it is there whatever the components are.
    framework: Option<Vec<String>>,
    wanted_by: Vec<Wanted>,
}

/// A component that wants the crate.
#[derive(Debug, Serialize)]
struct Wanted {
    component: String,
    /// A shortest way from the component's crate to the crate.
    path: Vec<String>,
}

/// Says why a crate is linked.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let Aside { written, target, .. } = &aside::write(&options.selection, "the reason")?;
    let graph = written.graph(target)?;
    let plan = &written.prepared.plan;
    let found = find(&graph, &options.wanted);
    if found.is_empty() {
        let lock = written.folder.join("Cargo.lock");
        let lock = fs::read_to_string(&lock).doing("read", &lock)?;
        return Err(Error::Resolve(missing(&graph, plan, &options.wanted, &lock)));
    }
    let answers: Vec<Answer> = found.into_iter().map(|position| answer(&graph, plan, position)).collect();
    if options.json {
        let json = serde_json::to_string_pretty(&answers).expect("texts are always JSON");
        report::document(&(json + "\n"));
    } else {
        let texts: Vec<String> = answers.iter().map(|answer| text(answer, plan)).collect();
        report::document(&texts.join("\n"));
    }
    Ok(())
}

/// The positions of the crates that `wanted` (`name` or `name@version`) means. Rust code writes names with underscores.
fn find(graph: &Graph, wanted: &str) -> Vec<usize> {
    let (name, version) = wanted.split_once('@').unwrap_or((wanted, ""));
    let is_meant = |package: &Linked| {
        package.name.replace('-', "_") == name.replace('-', "_")
            && (version.is_empty() || package.version == version)
    };
    // The first is the distribution itself.
    (1..graph.packages.len()).filter(|&position| is_meant(&graph.packages[position])).collect()
}

/// Why nothing of that name is linked.
fn missing(graph: &Graph, plan: &Plan, wanted: &str, lock: &str) -> String {
    let (name, version) = wanted.split_once('@').unwrap_or((wanted, ""));
    let versions: Vec<String> = find(graph, name).into_iter().map(|at| label(&graph.packages[at])).collect();
    if !version.is_empty() && !versions.is_empty() {
        return format!("`{}` has no `{name}` {version}; it has {}", plan.name, versions.join(", "));
    }
    if lock.lines().any(|line| line == format!("name = \"{name}\"")) {
        return format!(
            "`{name}` is not linked into `{}`: only compiling needs it, or another target",
            plan.name
        );
    }
    let names = graph.packages.iter().skip(1).map(|package| &*package.name);
    let meant = nearest(name, names).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    format!("there is no crate `{name}` in `{}`{meant}", plan.name)
}

fn answer(graph: &Graph, plan: &Plan, position: usize) -> Answer {
    let package = &graph.packages[position];
    let id = |component: usize| plan.components[component].component.id();
    let labels = |path: Vec<usize>| path.into_iter().map(|at| label(&graph.packages[at])).collect();
    let is_component = |at: usize| graph.packages[at].component.is_some();
    let wanted = graph.packages.iter().enumerate().filter_map(|(at, wanting)| {
        let component = wanting.component.filter(|_| at != position)?;
        let path = labels(graph.path(at, position, |_| true)?);
        Some((component, Wanted { component: id(component), path }))
    });
    let mut wanted: Vec<(usize, Wanted)> = wanted.collect();
    wanted.sort_by_key(|(component, _)| *component);
    Answer {
        name: package.name.clone(),
        version: package.version.clone(),
        component: package.component.map(id),
        features: package.features.clone(),
        framework: graph.path(0, position, |at| !is_component(at)).map(|path| labels(path[1..].to_vec())),
        wanted_by: wanted.into_iter().map(|(_, wanted)| wanted).collect(),
    }
}

fn label(package: &Linked) -> String {
    format!("{} {}", package.name, package.version)
}

fn text(answer: &Answer, plan: &Plan) -> String {
    let Answer { name, version, component, features, framework, wanted_by } = answer;
    let distribution = &plan.name;
    let mut out = match (component, framework, &wanted_by[..]) {
        (Some(id), ..) => format!("{name} {version} is {id}, which the manifest of {distribution} lists\n"),
        (None, Some(_), []) => {
            format!("{name} {version} is in {distribution} whatever its components are:\n")
        }
        (None, Some(_), _) => {
            format!(
                "{name} {version} is in {distribution} whatever its components are, and they want it too:\n"
            )
        }
        (None, None, [_]) => format!("{name} {version} is in {distribution} for one component:\n"),
        (None, None, all) => format!("{name} {version} is in {distribution} for {} components:\n", all.len()),
    };
    let framework = framework.iter().filter(|_| component.is_none()).map(|path| ("the framework", path));
    let ways: Vec<(&str, &Vec<String>)> =
        framework.chain(wanted_by.iter().map(|wanted| (&*wanted.component, &wanted.path))).collect();
    let width = ways.iter().map(|(who, _)| who.len()).max().unwrap_or(0);
    for (who, path) in ways {
        let _ = writeln!(out, "  {who:width$}  {}", path.join(" → "));
    }
    if !features.is_empty() {
        let _ = writeln!(out, "  with the features {}", features.join(", "));
    }
    out
}
