//! The files that a binary is linked from, as cargo names them while it compiles.

use std::path::PathBuf;

use cargo_metadata::Message;

/// Where code of a package is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A library of the compiler's.
    Rust {
        /// cargo's name for the package.
        package: String,
        /// What the compiler calls the crate.
        name: String,
        /// The library.
        file: PathBuf,
    },
    /// Folders in which a build script may have left libraries of C or assembly.
    Native {
        /// cargo's name for the package.
        package: String,
        /// The folders.
        folders: Vec<PathBuf>,
    },
}

/// What `message` says about the package it is about.
pub(super) fn of(message: &Message) -> Option<Unit> {
    match message {
        Message::CompilerArtifact(artifact) if artifact.target.is_lib() || artifact.target.is_rlib() => {
            let file = artifact.filenames.iter().find(|file| file.extension() == Some("rlib"))?;
            Some(Unit::Rust {
                package: artifact.package_id.repr.clone(),
                name: artifact.target.name.replace('-', "_"),
                file: file.clone().into_std_path_buf(),
            })
        }
        Message::BuildScriptExecuted(script) => {
            // `native=/folder`, or without the kind.
            let linked = script.linked_paths.iter().filter_map(|path| {
                let (kind, folder) = path.as_str().split_once('=').unwrap_or(("all", path.as_str()));
                matches!(kind, "native" | "all").then(|| PathBuf::from(folder))
            });
            let mut folders: Vec<PathBuf> = linked.collect();
            folders.push(script.out_dir.clone().into_std_path_buf());
            folders.dedup();
            Some(Unit::Native { package: script.package_id.repr.clone(), folders })
        }
        _ => None,
    }
}
