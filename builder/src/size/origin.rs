//! Whose a symbol is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::{
    archive::{self, Library},
    mangled,
    stretch::Symbol,
};
use crate::{compile::Unit, graph::Graph};

/// Who brought a symbol along.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// A package, by its position in the graph.
    Package(usize),
    /// A crate of Rust's standard library, or one that is in it.
    Standard(String),
    /// The system's C library and what the C compiler adds.
    System,
}

/// What is known of the packages of a graph.
#[derive(Debug, Default)]
pub(super) struct Origins {
    /// By the crate's name and hash.
    exact: BTreeMap<(String, u64), usize>,
    /// By the crate's name, where one package alone has it, whose library did not tell its hash.
    named: BTreeMap<String, usize>,
    /// The C and assembly of each package.
    native: Vec<(usize, Library)>,
}

impl Origins {
    /// Reads what `units` brought. `standard` is the folder with the compiler's own libraries.
    pub(super) fn read(graph: &Graph, units: &[Unit], standard: &Path) -> Result<Self, String> {
        let position = |id: &str| graph.packages.iter().position(|package| package.id == id);
        let mut origins = Self::default();
        let mut silent: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for unit in units {
            match unit {
                Unit::Rust { package, name, file } => {
                    let Some(position) = position(package) else { continue };
                    let library =
                        fs::read(file).map_err(|e| format!("`{}` cannot be read: {e}", file.display()))?;
                    match archive::hash(&library, name) {
                        Some(hash) => _ = origins.exact.insert((name.clone(), hash), position),
                        None => silent.entry(name.clone()).or_default().push(position),
                    }
                }
                Unit::Native { package, folders } => {
                    let Some(position) = position(package) else { continue };
                    let mut library = Library::default();
                    for file in folders.iter().flat_map(|folder| archives(folder)) {
                        library.add(&file)?;
                    }
                    origins.native.push((position, library));
                }
            }
        }
        // The generated package is no library: its name in symbols is what is left of the graph's names.
        let root = graph.packages.first().map(|package| package.name.replace('-', "_"));
        silent.extend(root.map(|name| (name, vec![0])));
        let taken = names_in(standard);
        for (name, positions) in silent {
            let told = origins.exact.keys().any(|(exact, _)| *exact == name);
            if let ([position], false, false) = (&positions[..], told, taken.contains(&name)) {
                origins.named.insert(name, *position);
            }
        }
        Ok(origins)
    }

    /// Who brought `symbol`.
    pub(super) fn owner(&self, symbol: &Symbol<'_>) -> Owner {
        let Some(long) = mangled::long(symbol.name) else { return self.native(symbol) };
        let Some(named) = mangled::crate_of(&long) else { return Owner::Standard("core".to_owned()) };
        let exact = self.exact.get(&(named.name.to_owned(), named.hash));
        match exact.or_else(|| self.named.get(named.name)) {
            Some(position) => Owner::Package(*position),
            None => Owner::Standard(named.name.to_owned()),
        }
    }

    /// Who brought a symbol that is not mangled.
    fn native(&self, symbol: &Symbol<'_>) -> Owner {
        // What the compiler and the standard library agree on.
        if ["rust_", "__rust", "__rdl_", "__rg_"].iter().any(|start| symbol.name.starts_with(start)) {
            return Owner::Standard("std".to_owned());
        }
        let from_c = |file: &str| !file.contains("-cgu.");
        let known = |file: &str| self.native.iter().any(|(_, library)| library.files.contains(file));
        // The C library's parts and a package's may have private symbols of one name; files tell them apart. Assembly
        // tells no file, and comes behind some other file's symbols.
        let system = symbol.file.is_some_and(|file| from_c(file) && !known(file));
        let found = self.native.iter().find(|(_, library)| {
            library.public.contains(symbol.name) || !system && library.private.contains(symbol.name)
        });
        found.map_or(Owner::System, |(position, _)| Owner::Package(*position))
    }
}

/// The static libraries in a folder, in the order of their names.
fn archives(folder: &Path) -> BTreeSet<std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "a")).collect()
}

/// The names of the crates whose libraries are in a folder, as `lib<name>-<hash>.rlib`.
fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let (name, _) = name.strip_prefix("lib")?.strip_suffix(".rlib")?.rsplit_once('-')?;
        Some(name.to_owned())
    });
    names.collect()
}

#[cfg(test)]
mod tests;
