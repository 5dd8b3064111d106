//! Bringing an image to a registry, without a container engine.
//!
//! What is there already is not sent, what a busy registry refuses is sent again, and who pushes is taken from where docker
//! and podman keep it. A small blocking client over `ureq`: the protocol is a dozen requests, and the crates for it bring an
//! asynchronous runtime and a second HTTP stack.

mod challenge;
mod credentials;
mod http;
mod referrer;
mod registry;
mod token;
mod trust;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use ureq::http::Method;

pub(crate) use self::referrer::Attachment;
use self::{
    credentials::Found,
    http::{Again, Client, Failure, Request},
    registry::{Repository, Sent},
    trust::Trust,
};
use crate::{
    error::Error,
    image::{DOCKER_HUB, Image, Reference},
};

/// How to push.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manner {
    /// Whose certificates to believe besides this machine's.
    pub(crate) ca_file: Option<PathBuf>,
    /// Whether to do without TLS.
    pub(crate) insecure: bool,
    /// How much to send at once; without it everything.
    pub(crate) piece: Option<usize>,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Pushed {
    /// How many blobs were sent, taken over from another repository, and there already.
    pub(crate) uploaded: usize,
    pub(crate) mounted: usize,
    pub(crate) present: usize,
    /// The size of those that were sent.
    pub(crate) bytes: u64,
    /// The digests of what refers to the image.
    pub(crate) attached: Vec<String>,
}

/// The first pause before something is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// Pushes the image under every name, and what refers to it. `done` is told of each name once the image can be pulled by it.
pub(crate) fn push(
    image: &Image,
    names: &[Reference],
    attachments: &[Attachment],
    manner: &Manner,
    mut done: impl FnMut(&Reference, &Pushed),
) -> Result<(), Error> {
    let mut registries: BTreeMap<&str, BTreeMap<String, Vec<&Reference>>> = BTreeMap::new();
    for name in names {
        registries.entry(name.registry()).or_default().entry(name.repository()).or_default().push(name);
    }
    for (registry, repositories) in registries {
        let connection = Connection::open(registry, manner)?;
        let mut other = None;
        for (repository, names) in repositories {
            let found = credentials::find(names[0])?;
            let to = connection.repository(repository.clone(), &found, other.replace(repository));
            let mut pushed = Pushed::default();
            send(image, &to, manner, &mut pushed)?;
            for name in &names {
                to.put_manifest(name.tag(), &image.top.media_type, image.data(&image.top)?)?;
            }
            for attachment in attachments {
                pushed.attached.push(referrer::attach(&to, attachment)?);
            }
            for name in names {
                done(name, &pushed);
            }
        }
    }
    Ok(())
}

/// Sends everything but what has a name.
fn send(image: &Image, to: &Repository<'_>, manner: &Manner, pushed: &mut Pushed) -> Result<(), Error> {
    for (descriptor, manifest) in image.manifests()? {
        for blob in manifest.layers.iter().chain([&manifest.config]) {
            match to.blob(blob, image.data(blob)?, manner.piece)? {
                Sent::Present => pushed.present += 1,
                Sent::Mounted => pushed.mounted += 1,
                Sent::Uploaded => {
                    pushed.uploaded += 1;
                    pushed.bytes += blob.size;
                }
            }
        }
        if descriptor.digest != image.top.digest {
            to.put_manifest(&descriptor.digest, &descriptor.media_type, image.data(&descriptor)?)?;
        }
    }
    Ok(())
}

/// A way to a registry.
struct Connection<'a> {
    registry: &'a str,
    client: Client,
    base: String,
}

impl<'a> Connection<'a> {
    /// Finds out how the registry is spoken to: with TLS, unless the user or this machine's own registry does without.
    fn open(registry: &'a str, manner: &Manner) -> Result<Self, Error> {
        let host = if registry == DOCKER_HUB { "registry-1.docker.io" } else { registry };
        let loopback = is_loopback(host);
        let trust = Trust::of(host, manner.ca_file.as_deref())?;
        let client = Client::new(trust, loopback, PAUSE);
        if manner.insecure {
            return Ok(Self { registry, client, base: format!("http://{host}") });
        }
        let base = format!("https://{host}");
        let url = format!("{base}/v2/");
        let ping = Request { method: Method::GET, url: &url, headers: Vec::new(), body: None };
        match client.persevere(|| client.send(&ping)) {
            Ok(_) => Ok(Self { registry, client, base }),
            Err(Failure { again: Again::WithoutTls, .. }) if loopback => {
                Ok(Self { registry, client, base: format!("http://{host}") })
            }
            Err(failure) => Err(failure.into()),
        }
    }

    fn repository<'r>(&'r self, name: String, found: &'r Found, other: Option<String>) -> Repository<'r> {
        Repository::new(&self.client, &self.base, self.registry, name, found, other)
    }
}

/// Whether the host is this machine whatever its settings say.
fn is_loopback(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost" || name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;
