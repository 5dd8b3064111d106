//! The generated workspace's README.

use std::collections::BTreeMap;

use minijinja::{Environment, Value};

use crate::{error::Error, resolve::Plan};

const TEMPLATE: &str = include_str!("../../../templates/README.md.jinja");

/// `README.md`: what is in the workspace and how to build it by hand.
pub(super) fn render(plan: &Plan, package: &str) -> Result<String, Error> {
    let components: Vec<Value> = plan
        .components
        .iter()
        .map(|planned| {
            let component = &planned.component;
            let texts = [
                ("class", component.class.as_str().to_owned()),
                ("name", component.name.clone()),
                ("package", planned.package.name.clone()),
                ("signals", component.signals.join(", ")),
                ("stability", component.stability.clone()),
                ("origin", planned.origin.clone().unwrap_or_else(|| "Slimcol".to_owned())),
            ];
            texts.into_iter().collect::<BTreeMap<_, _>>().into()
        })
        .collect();
    let context = BTreeMap::from([
        ("name", Value::from(plan.name.as_str())),
        ("version", Value::from(plan.version.as_str())),
        ("description", Value::from(plan.description.as_str())),
        ("package", Value::from(package)),
        ("components", Value::from(components)),
    ]);
    let broken = |e: minijinja::Error| Error::Other(format!("the README's template does not render: {e}"));
    // Rendering takes the template's last line end away.
    Environment::new().render_str(TEMPLATE, context).map(|text| text + "\n").map_err(broken)
}
