//! Measuring what components cost: the smallest collector is built without each and with it.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use super::Catalogue;
use crate::{
    class::Class,
    distro::{Prepared, Request},
    error::{Doing as _, Error},
};

/// What the smallest collector has.
const SMALLEST: [(Class, &str); 2] = [(Class::Connector, "forward"), (Class::Provider, "yaml")];
/// The same for what is in it.
const OTHER: [(Class, &str); 2] = [(Class::Exporter, "nop"), (Class::Provider, "file")];

/// Builds collectors as `request` says and gives a line for each component as it is measured: class, name, bytes.
pub(crate) fn measure(
    catalogue: &Catalogue,
    request: &Request,
    mut line: impl FnMut(&str),
) -> Result<(), Error> {
    let temporary = std::env::temp_dir();
    let folder =
        tempfile::Builder::new().prefix("slimcol-").tempdir().doing("create a folder in", &temporary)?;
    let mut sizes: BTreeMap<Vec<(Class, &str)>, u64> = BTreeMap::new();
    let mut size_of = |components: Vec<(Class, &'static str)>, more: Option<(Class, &str)>| {
        let with: Vec<(Class, &str)> = components.iter().copied().chain(more).collect();
        match (more, sizes.get(&with)) {
            (None, Some(size)) => Ok(*size),
            _ => build(&with, request, folder.path()).inspect(|size| {
                if more.is_none() {
                    sizes.insert(components, *size);
                }
            }),
        }
    };
    for component in &catalogue.components {
        let measured = (component.declared.class, &*component.declared.name);
        let base = if SMALLEST.contains(&measured) { OTHER } else { SMALLEST };
        let without = size_of(base.to_vec(), None)?;
        let with = size_of(base.to_vec(), Some(measured))?;
        let (class, name) = measured;
        line(&format!("{class}\t{name}\t{}\n", with.saturating_sub(without)));
    }
    Ok(())
}

/// The size of a collector with `components`.
fn build(components: &[(Class, &str)], request: &Request, folder: &Path) -> Result<u64, Error> {
    let mut text = "dist: {name: otelcol-measured}\n".to_owned();
    for class in Class::ALL {
        let names = components.iter().filter(|(listed, _)| *listed == class).map(|(_, name)| *name);
        let names: Vec<&str> = names.collect();
        let _ = writeln!(text, "{}: [{}]", class.section(), names.join(", "));
    }
    let manifest = folder.join("manifest.yaml");
    fs::write(&manifest, text).doing("write", &manifest)?;
    let request = Request {
        manifest: Some(manifest),
        output: Some(folder.join("out")),
        targets: Vec::new(),
        ..request.clone()
    };
    let written = Prepared::new(request)?.write()?;
    let target = written.prepared.targets[0].clone();
    Ok(written.compile(&target)?.data.len() as u64)
}
