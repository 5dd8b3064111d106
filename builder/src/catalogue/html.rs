//! The catalogue as one page that needs nothing besides itself.

use minijinja::{Environment, Value, context};

use super::{Catalogue, Component, kib, readme};
use crate::{class::Class, error::Error, manifest::Official};

/// Its name ends in what makes the engine escape values.
const NAME: &str = "components.html";
const TEMPLATE: &str = include_str!("../../../templates/components.html.jinja");

/// The page.
pub(crate) fn html(catalogue: &Catalogue) -> Result<String, Error> {
    let costliest = catalogue.components.iter().filter_map(|component| component.cost).max().unwrap_or(0);
    let classes: Vec<Value> = Class::ALL
        .into_iter()
        .map(|class| {
            let ours = catalogue.components.iter().filter(|component| component.declared.class == class);
            let theirs = catalogue.missing.iter().filter(|official| official.class == class);
            context! {
                name => class.as_str(),
                section => class.section(),
                components => ours.map(|component| card(component, costliest)).collect::<Vec<_>>(),
                missing => theirs.map(absent).collect::<Vec<_>>(),
            }
        })
        .collect();
    let page = context! {
        version => env!("CARGO_PKG_VERSION"),
        there => catalogue.components.len(),
        missing => catalogue.missing.len(),
        classes,
    };
    let broken = |e: minijinja::Error| Error::Other(format!("the page's template does not render: {e}"));
    let mut environment = Environment::new();
    environment.add_template(NAME, TEMPLATE).map_err(broken)?;
    environment.get_template(NAME).and_then(|template| template.render(page)).map_err(broken)
}

fn card(component: &Component, costliest: u64) -> Value {
    let declared = &component.declared;
    // Costs differ by three orders of magnitude: the bar is for comparing the large ones.
    let share = component.cost.map(|cost| (cost * 100).checked_div(costliest).unwrap_or(0));
    context! {
        name => &declared.name,
        aliases => &declared.aliases,
        signals => &declared.signals,
        stability => &declared.stability,
        description => &component.description,
        gomod => &declared.gomod,
        package => &component.package,
        cost => component.cost.map(kib),
        share,
        readme => Value::from_safe_string(readme::html_of(&component.readme)),
    }
}

fn absent(official: &Official) -> Value {
    context! {
        name => official.name,
        alias => official.alias,
        gomod => official.gomod,
        distributions => official.distributions.join(", "),
    }
}
