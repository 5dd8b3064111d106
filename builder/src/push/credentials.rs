//! Who pushes: what `docker login` and `podman login` have left behind.

mod file;
mod helper;
mod places;

use slimcol_config::Secret;

use self::{file::File, places::Place};
use crate::{
    error::Error,
    image::{DOCKER_HUB, Reference},
};

/// How to prove who pushes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Login {
    /// A name and a password.
    Password {
        /// The name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// What a token server takes in place of them.
    Identity(Secret),
    /// What the registry itself takes.
    Token(Secret),
}

/// What was found, and where: messages say the second.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The proof, if there is any.
    pub(super) login: Option<Login>,
    /// Where it is from, or where none is.
    pub(super) origin: String,
}

/// Looks for the registry of `reference` in every place, and takes the first that has it.
pub(super) fn find(reference: &Reference) -> Result<Found, Error> {
    find_in(reference, &places::places(&|name| std::env::var_os(name)))
}

fn find_in(reference: &Reference, places: &[Place]) -> Result<Found, Error> {
    let mut read = Vec::new();
    for Place { path, required } in places {
        let Some(file) = File::read(path, *required)? else { continue };
        let name = format!("`{}`", path.display());
        if let Some((login, how)) = file.find(reference, &name)? {
            return Ok(Found { login: Some(login), origin: how });
        }
        read.push(name);
    }
    let registry = reference.registry();
    let origin = if read.is_empty() {
        format!("no credentials, since there is no {}", listed(places))
    } else {
        format!("no credentials, since {} has none for `{registry}`", read.join(" or "))
    };
    Ok(Found { login: None, origin })
}

fn listed(places: &[Place]) -> String {
    let names: Vec<String> = places.iter().map(|place| format!("`{}`", place.path.display())).collect();
    if names.is_empty() { "home folder".to_owned() } else { names.join(" or ") }
}

/// What credentials of a registry are kept under: itself, but for Docker Hub, which has had many names.
fn key(registry: &str) -> &str {
    if registry == DOCKER_HUB { "https://index.docker.io/v1/" } else { registry }
}

#[cfg(test)]
mod tests;
