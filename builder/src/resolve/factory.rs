//! Whether a crate exports a factory, found in its source before anything is compiled.

use std::fs;

use syn::{Item, UseTree, Visibility};

use super::Package;

/// Refuses a crate whose root has no public `FACTORY`: a constant of type `Factory`, or one re-exported.
pub(super) fn check(package: &Package) -> Result<(), String> {
    let library = &package.library;
    let text = fs::read_to_string(library).map_err(|e| {
        format!("crate `{}` has no library: cannot read `{}`: {e}", package.name, library.display())
    })?;
    let file = syn::parse_file(&text)
        .map_err(|e| format!("crate `{}` does not parse: `{}`: {e}", package.name, library.display()))?;
    if file.items.iter().any(exports_factory) {
        return Ok(());
    }
    let wanted = "`pub const FACTORY: slimcol_service::Factory`";
    Err(format!("crate `{}` is not a component: `{}` has no {wanted}", package.name, library.display()))
}

fn exports_factory(item: &Item) -> bool {
    match item {
        Item::Const(item) => {
            let factory = match &*item.ty {
                syn::Type::Path(ty) => ty.path.segments.last().is_some_and(|last| last.ident == "Factory"),
                _ => false,
            };
            item.ident == "FACTORY" && matches!(item.vis, Visibility::Public(_)) && factory
        }
        Item::Use(item) => matches!(item.vis, Visibility::Public(_)) && brings_factory(&item.tree),
        _ => false,
    }
}

fn brings_factory(tree: &UseTree) -> bool {
    match tree {
        UseTree::Path(path) => brings_factory(&path.tree),
        UseTree::Name(name) => name.ident == "FACTORY",
        UseTree::Rename(rename) => rename.rename == "FACTORY",
        UseTree::Group(group) => group.items.iter().any(brings_factory),
        UseTree::Glob(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_factory_is_found_however_it_is_exported() {
        for (text, expected) in [
            ("pub const FACTORY: Factory = Factory::exporter::<X>();", true),
            ("pub const FACTORY: slimcol_service::Factory = f();", true),
            ("mod x; pub use x::FACTORY;", true),
            ("mod x; pub use x::{A, B as FACTORY};", true),
            ("const FACTORY: Factory = f();", false),
            ("pub const FACTORY: u8 = 1;", false),
            ("mod x { pub const FACTORY: Factory = f(); }", false),
            ("// pub const FACTORY: Factory", false),
        ] {
            let file = syn::parse_file(text).unwrap();
            assert_eq!(file.items.iter().any(exports_factory), expected, "{text}");
        }
    }
}
