//! The files of a new distribution's repository.

use minijinja::{Environment, UndefinedBehavior, Value, context};

use super::{Distribution, config};
use crate::{
    catalogue::Catalogue, class::Class, error::Error, generate::Files, resolve::Index, source::SourceTree,
};

const MANIFEST: &str = include_str!("../../../templates/init/manifest.yaml.jinja");
const CONFIG: &str = include_str!("../../../templates/init/config.yaml.jinja");
const README: &str = include_str!("../../../templates/init/README.md.jinja");
const GITHUB: &str = include_str!("../../../templates/init/github.yml.jinja");
const GITLAB: &str = include_str!("../../../templates/init/gitlab.yml.jinja");
const GITIGNORE: &str = include_str!("../../../templates/init/gitignore");

/// The files.
pub(super) fn of(distribution: &Distribution, source: &SourceTree) -> Result<Files, Error> {
    let catalogue = Catalogue::of(&Index::load(source)?, source);
    let Distribution { name, choice } = distribution;
    let config = config::of(choice, &catalogue, source);
    let chosen = choice.of(&catalogue);
    let section = |class: Class| {
        let components: Vec<String> = chosen
            .iter()
            .filter(|component| component.declared.class == class)
            .map(|component| component.declared.name.clone())
            .collect();
        (!components.is_empty()).then(|| context! { name => class.section(), components })
    };
    let variables: Vec<Value> =
        config.variables.iter().map(|(name, default)| context! { name, default }).collect();
    let values = context! {
        name,
        description => "OpenTelemetry Collector",
        count => chosen.len(),
        sections => Class::ALL.into_iter().filter_map(section).collect::<Vec<_>>(),
        variables,
        version => env!("CARGO_PKG_VERSION"),
        rust => env!("CARGO_PKG_RUST_VERSION"),
    };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let broken = |e: minijinja::Error| Error::Other(format!("a template does not render: {e}"));
    // Rendering takes a template's last line end away.
    let render = |template: &str, values: &Value| {
        environment.render_str(template, values).map(|text| text.trim_end().to_owned() + "\n").map_err(broken)
    };
    let mut files = Files::default();
    files.insert("manifest.yaml", render(MANIFEST, &values)?);
    files.insert("config.yaml", render(CONFIG, &config.values)?);
    files.insert("README.md", render(README, &values)?);
    files.insert(".github/workflows/distro.yml", render(GITHUB, &values)?);
    files.insert(".gitlab-ci.yml", render(GITLAB, &values)?);
    files.insert(".gitignore", GITIGNORE);
    Ok(files)
}
