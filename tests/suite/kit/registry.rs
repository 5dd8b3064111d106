//! A registry: Debian's `docker-registry`, which is the one that everybody's behaviour is measured by.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tempfile::TempDir;

use super::{command::run, log::Log, programs, tokens::Tokens};

/// A registry on this machine with a folder of its own; killed when dropped.
#[derive(Debug)]
pub(crate) struct Registry {
    child: Child,
    address: SocketAddr,
    dir: TempDir,
}

/// Whom a registry lets in.
#[derive(Debug)]
pub(crate) enum Guard<'a> {
    /// Whoever has this name and password, over TLS.
    Password(&'a str, &'a str),
    /// Whoever has a token of this server, over plain HTTP.
    Tokens(&'a Tokens),
}

const DEADLINE: Duration = Duration::from_secs(30);

impl Registry {
    /// Starts one, if the machine has what it takes; if not, says so loudly, or panics where `CI` is `true`.
    pub(crate) fn start(guard: &Guard<'_>) -> Option<Self> {
        let mut command = programs::find("docker-registry", "docker-registry")?;
        programs::find("htpasswd", "apache2-utils")?;
        let dir = tempfile::tempdir().unwrap();
        let (tls, auth) = settings(guard, dir.path());
        let at = |name: &str| dir.path().join(name).display().to_string();
        let config = format!(
            "version: 0.1\nlog: {{level: info, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: '{}'}}}}\n\
             http: {{addr: '127.0.0.1:0'{tls}}}\nauth: {auth}\n",
            at("data"),
        );
        fs::write(at("config.yml"), config).unwrap();
        let mut child = command
            .args(["serve", &at("config.yml")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Log::read(child.stderr.take().unwrap());
        let line = log.line("listening on ");
        let address =
            line.split("listening on ").nth(1).unwrap().split([',', '"']).next().unwrap().parse().unwrap();
        Some(Self { child, address, dir })
    }

    /// Its name, as images have it.
    pub(crate) fn name(&self) -> String {
        format!("localhost:{}", self.address.port())
    }

    /// The folder with the certificate of its authority (`ca.crt`), as podman and docker want it.
    pub(crate) fn certificates(&self) -> PathBuf {
        self.dir.path().join("certs")
    }

    /// That certificate.
    pub(crate) fn ca(&self) -> PathBuf {
        self.certificates().join("ca.crt")
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes an authority and a certificate of it for this machine.
fn certify(dir: &Path) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "a registry's authority");
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = ["localhost", "127.0.0.1"].map(str::to_owned);
    let server = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();
    fs::create_dir(dir.join("certs")).unwrap();
    fs::write(dir.join("certs/ca.crt"), authority.pem()).unwrap();
    fs::write(dir.join("server.pem"), server.pem()).unwrap();
    fs::write(dir.join("server.key"), key.serialize_pem()).unwrap();
}

/// The parts of the configuration that say how it is reached and by whom.
fn settings(guard: &Guard<'_>, dir: &Path) -> (String, String) {
    match guard {
        Guard::Password(user, password) => {
            certify(dir);
            let line =
                run(Command::new("htpasswd").args(["-Bbn", user, password]), DEADLINE).expect_success();
            fs::write(dir.join("htpasswd"), line.stdout).unwrap();
            let dir = dir.display();
            let tls = format!(", tls: {{certificate: '{dir}/server.pem', key: '{dir}/server.key'}}");
            (tls, format!("{{htpasswd: {{realm: test, path: '{dir}/htpasswd'}}}}"))
        }
        Guard::Tokens(tokens) => {
            let path = dir.join("tokens.pem");
            fs::write(&path, tokens.certificate()).unwrap();
            let (url, bundle) = (tokens.url(), path.display());
            let auth = format!(
                "{{token: {{realm: '{url}', service: suite, issuer: suite, rootcertbundle: '{bundle}'}}}}"
            );
            (String::new(), auth)
        }
    }
}
