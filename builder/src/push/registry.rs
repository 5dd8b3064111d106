//! A repository in a registry, as the OCI distribution specification 1.1 lets clients use it.

use std::cell::RefCell;

use slimcol_config::Secret;
use ureq::http::Method;

use super::{
    challenge::Challenge,
    credentials::{Found, Login},
    http::{Again, Client, Failure, Request, Response},
    token::{self, Office},
};
use crate::image::document::{Descriptor, Dialect};

/// A repository in a registry.
#[derive(Debug)]
pub(super) struct Repository<'a> {
    pub(super) client: &'a Client,
    /// `https://registry.example.com`.
    pub(super) base: &'a str,
    /// The registry as users write it.
    pub(super) registry: &'a str,
    pub(super) name: String,
    pub(super) found: &'a Found,
    /// Another repository of the registry, whose blobs may be taken over.
    pub(super) other: Option<String>,
    /// What proves who we are, once the registry has said what it wants.
    authorization: RefCell<Option<Secret>>,
}

/// What became of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It was there.
    Present,
    /// It was taken over from another repository.
    Mounted,
    /// It was sent.
    Uploaded,
}

/// What registries take in one piece when they do not take the whole.
const PIECE: usize = 8 << 20;

const BYTES: (&str, &str) = ("Content-Type", "application/octet-stream");

impl<'a> Repository<'a> {
    /// The repository `name`.
    pub(super) fn new(
        client: &'a Client,
        base: &'a str,
        registry: &'a str,
        name: String,
        found: &'a Found,
        other: Option<String>,
    ) -> Self {
        Self { client, base, registry, name, found, other, authorization: RefCell::default() }
    }

    /// Sees to it that a blob is there. `piece` bounds what is sent at once.
    pub(super) fn blob(&self, blob: &Descriptor, data: &[u8], piece: Option<usize>) -> Result<Sent, Failure> {
        let url = self.url(&format!("blobs/{}", blob.digest));
        let head = self.client.persevere(|| self.call(&request(Method::HEAD, &url)))?;
        if head.status == 200 {
            return Ok(Sent::Present);
        }
        let whole = self.client.persevere(|| self.upload(&blob.digest, data, piece));
        match whole {
            Err(failure) if failure.again == Again::Smaller && piece.is_none() => {
                self.client.persevere(|| self.upload(&blob.digest, data, Some(PIECE)))
            }
            done => done,
        }
    }

    /// Sends a blob, from the beginning.
    fn upload(&self, digest: &str, data: &[u8], piece: Option<usize>) -> Result<Sent, Failure> {
        let mut url = self.url("blobs/uploads/");
        if let Some(other) = &self.other {
            url = format!("{url}?mount={digest}&from={other}");
        }
        let begun = self.call(&Request { body: Some(&[]), ..request(Method::POST, &url) })?;
        match begun.status {
            201 => return Ok(Sent::Mounted),
            202 => {}
            _ => return Err(self.refused("begin an upload", &begun)),
        }
        let mut location = self.location(&begun)?;
        let mut rest = data;
        if let Some(piece) = piece {
            let least =
                begun.header("oci-chunk-min-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            let mut sent = 0;
            for part in data.chunks(piece.max(least).max(1)) {
                let range = format!("{sent}-{}", sent + part.len() - 1);
                let headers = vec![BYTES, ("Content-Range", range.as_str())];
                let taken =
                    self.call(&Request { method: Method::PATCH, url: &location, headers, body: Some(part) })?;
                if taken.status != 202 {
                    return Err(self.refused("take a part of a blob", &taken));
                }
                location = self.location(&taken)?;
                sent += part.len();
            }
            rest = &[];
        }
        let separator = if location.contains('?') { '&' } else { '?' };
        let url = format!("{location}{separator}digest={digest}");
        let done =
            self.call(&Request { method: Method::PUT, url: &url, headers: vec![BYTES], body: Some(rest) })?;
        match done.status {
            201 | 204 => Ok(Sent::Uploaded),
            413 => Err(Failure { again: Again::Smaller, ..self.refused("take a blob as a whole", &done) }),
            _ => Err(self.refused("take a blob", &done)),
        }
    }

    /// Puts a manifest at a tag or at its own digest. Whether the registry has noted what it refers to.
    pub(super) fn put_manifest(&self, at: &str, media_type: &str, data: &[u8]) -> Result<bool, Failure> {
        let url = self.url(&format!("manifests/{at}"));
        let headers = vec![("Content-Type", media_type)];
        let put = Request { method: Method::PUT, url: &url, headers, body: Some(data) };
        let done = self.client.persevere(|| self.call(&put))?;
        match done.status {
            200..=204 => Ok(done.header("oci-subject").is_some()),
            _ => Err(self.refused("take a manifest", &done)),
        }
    }

    /// The index at a tag, if there is one.
    pub(super) fn index(&self, tag: &str) -> Result<Option<Vec<u8>>, Failure> {
        let url = self.url(&format!("manifests/{tag}"));
        let headers = vec![("Accept", Dialect::Oci.index())];
        let get = Request { headers, ..request(Method::GET, &url) };
        let got = self.client.persevere(|| self.call(&get))?;
        match got.status {
            200 => Ok(Some(got.body)),
            404 => Ok(None),
            _ => Err(self.refused("give a manifest", &got)),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v2/{}/{path}", self.base, self.name)
    }

    /// Where an upload goes on. A path is the registry's own; so is its own name with another scheme, which registries
    /// behind a proxy give that they do not know of.
    fn location(&self, response: &Response) -> Result<String, Failure> {
        let given = response.header("location").unwrap_or_default();
        if given.starts_with('/') {
            return Ok(format!("{}{given}", self.base));
        }
        let Some((_, rest)) = given.split_once("://") else {
            return Err(Failure::lasting(format!(
                "`{}` begins an upload and does not say where it goes on",
                self.registry
            )));
        };
        let own = self
            .base
            .split_once("://")
            .is_some_and(|(_, own)| rest.strip_prefix(own).is_some_and(|path| path.starts_with('/')));
        Ok(if own {
            format!("{}{}", self.base, &rest[rest.find('/').unwrap_or(rest.len())..])
        } else {
            given.to_owned()
        })
    }

    /// Sends a request, and again with a proof of who we are when that is asked for.
    fn call(&self, request: &Request<'_>) -> Result<Response, Failure> {
        // What proves who we are is for the registry, not for where it keeps its blobs.
        let own = request.url.strip_prefix(self.base).is_some_and(|rest| rest.starts_with('/'));
        if !own {
            return self.client.send(&request.with(None));
        }
        let first = self.client.send(&request.with(self.authorization.borrow().as_ref()))?;
        if first.status != 401 {
            return self.allowed(first);
        }
        let challenge = Challenge::parse(first.headers("www-authenticate"));
        let authorization = self.authorize(challenge, &first)?;
        let second = self.client.send(&request.with(Some(&authorization)))?;
        *self.authorization.borrow_mut() = Some(authorization);
        self.allowed(second)
    }

    fn allowed(&self, response: Response) -> Result<Response, Failure> {
        match response.status {
            401 | 403 => Err(self.denied(&response.said())),
            _ => Ok(response),
        }
    }

    /// What the registry wants to see, made of what we have.
    fn authorize(&self, challenge: Option<Challenge>, response: &Response) -> Result<Secret, Failure> {
        let login = self.found.login.as_ref();
        if let Some(Login::Token(token)) = login {
            return Ok(Secret::new(format!("Bearer {}", token.reveal())));
        }
        match challenge {
            Some(Challenge::Bearer { realm, service }) => {
                if self.base.starts_with("https:") && !realm.starts_with("https:") {
                    let what = format!(
                        "`{}` wants a token from `{realm}`, to which nothing secret can be sent without TLS",
                        self.registry
                    );
                    return Err(Failure::lasting(what));
                }
                let mut scopes = vec![format!("repository:{}:pull,push", self.name)];
                scopes.extend(self.other.iter().map(|other| format!("repository:{other}:pull")));
                let office = Office { realm: &realm, service: service.as_deref(), scopes: &scopes };
                let refusal = || self.denied(&format!("its token server `{realm}` refuses"));
                office.ask(self.client, login)?.ok_or_else(refusal)
            }
            Some(Challenge::Basic) => match login {
                Some(Login::Password { user, password }) => Ok(token::basic(user, password)),
                _ => Err(self.denied(&response.said())),
            },
            None => Err(self.denied(&response.said())),
        }
    }

    /// The refusal of who we are: what was tried, and what to do.
    fn denied(&self, said: &str) -> Failure {
        let Self { registry, name, found, .. } = self;
        let advice = match found.login {
            Some(_) => "see that this account may push there, or log in again with",
            None => "log in with",
        };
        let login =
            if *registry == crate::image::DOCKER_HUB { String::new() } else { format!(" {registry}") };
        Failure::lasting(format!(
            "`{registry}` does not let us push to `{name}`: {said}; tried with {}; {advice} `docker login{login}` or `podman login {registry}`",
            found.origin,
        ))
    }

    fn refused(&self, to: &str, response: &Response) -> Failure {
        Failure::lasting(format!(
            "`{}` does not {to} for `{}`: {}",
            self.registry,
            self.name,
            response.said()
        ))
    }
}

fn request(method: Method, url: &str) -> Request<'_> {
    Request { method, url, headers: Vec::new(), body: None }
}
