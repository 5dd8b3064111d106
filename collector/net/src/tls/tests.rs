use std::{fs, path::PathBuf, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::ServerName;
use slimcol_config::from_yaml;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio_rustls::TlsConnector;

use super::*;

/// A certificate authority of a test's own, with its files in a folder that goes with it.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: PathBuf,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = std::env::temp_dir().join(format!("slimcol-tls-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, folder }
    }

    /// A path within the folder.
    fn path(&self, file: &str) -> String {
        self.folder.join(file).to_str().unwrap().to_owned()
    }

    /// Writes a certificate for `host`, and its key, to `file`.pem and `file`.key.
    fn issue(&self, host: &str, file: &str) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        fs::write(self.path(&format!("{file}.pem")), certificate.pem()).unwrap();
        fs::write(self.path(&format!("{file}.key")), key.serialize_pem()).unwrap();
    }

    /// Settings that name a certificate of [`Self::issue`].
    fn pair(&self, file: &str) -> String {
        format!(
            "cert_file: {}, key_file: {}",
            self.path(&format!("{file}.pem")),
            self.path(&format!("{file}.key"))
        )
    }

    fn ca(&self) -> String {
        format!("ca_file: {}", self.path("ca.pem"))
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn acceptor(yaml: &str) -> Acceptor {
    from_yaml::<ServerTls>(&format!("{{{yaml}}}")).unwrap().acceptor(&["h2", "http/1.1"]).unwrap()
}

fn connector(yaml: &str) -> Connector {
    from_yaml::<ClientTls>(&format!("{{{yaml}}}")).unwrap().connector(&["h2"]).unwrap().unwrap()
}

/// Does a handshake, says a word each way, and returns the protocol that was chosen, or what the client or else the server
/// makes of it.
async fn talk(acceptor: &Acceptor, connector: &Connector, host: &str) -> Result<String, String> {
    let (near, far) = duplex(64 << 10);
    let name = connector.server_name().unwrap_or(host).to_owned();
    let config = connector.config().unwrap();
    let client = async {
        let name = ServerName::try_from(name).unwrap();
        let mut stream = TlsConnector::from(config).connect(name, near).await.map_err(|e| e.to_string())?;
        stream.write_all(b"ping").await.map_err(|e| e.to_string())?;
        let mut word = [0; 4];
        stream.read_exact(&mut word).await.map_err(|e| e.to_string())?;
        Ok::<_, String>(String::from_utf8(word.to_vec()).unwrap())
    };
    let server = async {
        let mut stream = acceptor.accept(far).await.map_err(|e| e.to_string())?;
        let mut word = [0; 4];
        stream.read_exact(&mut word).await.map_err(|e| e.to_string())?;
        stream.write_all(&word).await.map_err(|e| e.to_string())?;
        stream.flush().await.map_err(|e| e.to_string())?;
        let protocol = stream.get_ref().1.alpn_protocol().unwrap_or_default().to_vec();
        Ok::<_, String>(String::from_utf8(protocol).unwrap())
    };
    let (client, server) = tokio::join!(client, server);
    assert_eq!(client?, "ping");
    server
}

#[tokio::test]
async fn a_client_verifies_the_server() {
    let authority = Authority::new("verify");
    let stranger = Authority::new("stranger");
    authority.issue("localhost", "server");
    let server = acceptor(&authority.pair("server"));
    assert_eq!(talk(&server, &connector(&authority.ca()), "localhost").await.unwrap(), "h2");
    let error = talk(&server, &connector(&stranger.ca()), "localhost").await.unwrap_err();
    assert!(error.contains("UnknownIssuer"), "{error}");
    let error = talk(&server, &connector(&authority.ca()), "example.com").await.unwrap_err();
    assert!(error.contains("not valid for name"), "{error}");
    let renamed = connector(&format!("{}, server_name_override: localhost", authority.ca()));
    assert!(talk(&server, &renamed, "example.com").await.is_ok());
    let trusting = connector("insecure_skip_verify: true");
    assert!(talk(&server, &trusting, "example.com").await.is_ok());
}

#[tokio::test]
async fn a_server_verifies_its_clients() {
    let authority = Authority::new("mutual");
    let stranger = Authority::new("intruder");
    authority.issue("localhost", "server");
    authority.issue("client", "client");
    stranger.issue("client", "client");
    let server =
        acceptor(&format!("{}, client_ca_file: {}", authority.pair("server"), authority.path("ca.pem")));
    let known = connector(&format!("{}, {}", authority.ca(), authority.pair("client")));
    assert!(talk(&server, &known, "localhost").await.is_ok());
    let without = connector(&authority.ca());
    assert!(talk(&server, &without, "localhost").await.unwrap_err().contains("CertificateRequired"));
    let unknown = connector(&format!("{}, {}", authority.ca(), stranger.pair("client")));
    assert!(talk(&server, &unknown, "localhost").await.is_err());
}

#[tokio::test]
async fn texts_do_as_well_as_files() {
    let authority = Authority::new("texts");
    authority.issue("localhost", "server");
    let quoted = |file| format!("{:?}", fs::read_to_string(authority.path(file)).unwrap());
    let server = acceptor(&format!("cert_pem: {}, key_pem: {}", quoted("server.pem"), quoted("server.key")));
    let client = connector(&format!("ca_pem: {}", quoted("ca.pem")));
    assert!(talk(&server, &client, "localhost").await.is_ok());
}

#[tokio::test]
async fn certificates_are_read_again() {
    let authority = Authority::new("reload");
    authority.issue("old", "server");
    let still = acceptor(&authority.pair("server"));
    let server = acceptor(&format!("{}, reload_interval: 1ns", authority.pair("server")));
    let client = connector(&authority.ca());
    assert!(talk(&server, &client, "old").await.is_ok());
    authority.issue("new", "server");
    assert!(talk(&server, &client, "new").await.is_ok());
    assert!(talk(&still, &client, "old").await.is_ok());
    // What cannot be read fails the connection, not the server.
    fs::write(authority.path("server.pem"), "").unwrap();
    let config = server.accept(duplex(1).0).await.unwrap_err();
    assert!(config.to_string().contains("failed to load TLS cert and key"), "{config}");
    authority.issue("newer", "server");
    assert!(talk(&server, &client, "newer").await.is_ok());
}

#[tokio::test]
async fn a_client_s_own_certificate_is_read_again() {
    let authority = Authority::new("renewed");
    let stranger = Authority::new("expired");
    authority.issue("localhost", "server");
    let server =
        acceptor(&format!("{}, client_ca_file: {}", authority.pair("server"), authority.path("ca.pem")));
    stranger.issue("client", "client");
    let (once, again) = (format!("{}, {}", authority.ca(), stranger.pair("client")), "reload_interval: 1ns");
    let (once, again) = (connector(&once), connector(&format!("{once}, {again}")));
    assert!(talk(&server, &again, "localhost").await.is_err());
    authority.issue("client", "client");
    for file in ["client.pem", "client.key"] {
        fs::copy(authority.path(file), stranger.path(file)).unwrap();
    }
    assert!(talk(&server, &again, "localhost").await.is_ok());
    assert!(talk(&server, &once, "localhost").await.is_err());
}

#[tokio::test]
async fn a_server_s_client_ca_is_read_again_when_it_changes() {
    let (old, new) = (Authority::new("ca-old"), Authority::new("ca-new"));
    old.issue("localhost", "server");
    for authority in [&old, &new] {
        authority.issue("client", "client");
    }
    let client = |authority: &Authority| connector(&format!("{}, {}", old.ca(), authority.pair("client")));
    let (knows_old, knows_new) = (client(&old), client(&new));
    fs::copy(old.path("ca.pem"), old.path("clients.pem")).unwrap();
    let yaml = format!("{}, client_ca_file: {}", old.pair("server"), old.path("clients.pem"));
    let (still, server) = (acceptor(&yaml), acceptor(&format!("{yaml}, client_ca_file_reload: true")));
    let replace = |with: &[u8]| {
        let before = fs::metadata(old.path("clients.pem")).unwrap().modified().unwrap();
        // Two changes within a tick of the file system's clock are one.
        while fs::metadata(old.path("clients.pem")).unwrap().modified().unwrap() == before {
            fs::write(old.path("clients.pem"), with).unwrap();
        }
    };
    assert!(talk(&server, &knows_old, "localhost").await.is_ok());
    assert!(talk(&server, &knows_new, "localhost").await.is_err());
    replace(&fs::read(new.path("ca.pem")).unwrap());
    assert!(talk(&server, &knows_new, "localhost").await.is_ok());
    assert!(talk(&server, &knows_old, "localhost").await.is_err());
    // Half a file changes nothing.
    replace(b"-----BEGIN CERTIFICATE-----");
    assert!(talk(&server, &knows_new, "localhost").await.is_ok());
    assert!(talk(&still, &knows_old, "localhost").await.is_ok());
}

#[test]
fn the_system_s_roots_come_on_top() {
    let authority = Authority::new("system");
    let settings =
        |yaml: &str| from_yaml::<settings::TlsSettings>(&format!("{{{}{yaml}}}", authority.ca())).unwrap();
    let system = material::system_roots().len();
    assert_eq!(material::roots(&settings("")).unwrap().unwrap().len(), 1);
    let both = settings(", include_system_ca_certs_pool: true");
    assert_eq!(material::roots(&both).unwrap().unwrap().len(), system + 1);
    assert_eq!(material::client_roots(&authority.path("ca.pem"), true).unwrap().len(), system + 1);
    // Who names none trusts the system's, which is for the client to add.
    assert!(material::roots(&from_yaml::<settings::TlsSettings>("").unwrap()).unwrap().is_none());
}

#[test]
fn a_bad_client_ca_stops_the_server() {
    let authority = Authority::new("bad-client-ca");
    authority.issue("localhost", "server");
    fs::write(authority.path("junk.pem"), "junk").unwrap();
    let junk = authority.path("junk.pem");
    for (path, text) in [
        (
            "/nowhere",
            "failed to load client CA CertPool: failed to load CA /nowhere: open /nowhere: no \
             such file or directory"
                .to_owned(),
        ),
        (&junk, format!("failed to load client CA CertPool: failed to parse CA {junk}")),
    ] {
        let yaml = format!("{{{}, client_ca_file: {path}}}", authority.pair("server"));
        let error = from_yaml::<ServerTls>(&yaml).unwrap().acceptor(&[]).unwrap_err();
        assert_eq!(error.to_string(), text);
    }
}

#[tokio::test]
async fn versions_suites_and_curves() {
    let authority = Authority::new("protocol");
    authority.issue("localhost", "server");
    let cases = [
        ("max_version: '1.2'", "min_version: '1.2'", true),
        ("max_version: '1.2'", "min_version: '1.3'", false),
        ("min_version: '1.0'", "min_version: '1.1'", true),
        ("curve_preferences: [X25519MLKEM768, P384]", "curve_preferences: [P384]", true),
        ("curve_preferences: [X25519]", "curve_preferences: [P256, P521]", false),
        (
            "{max_version: '1.2', cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]}",
            "cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]",
            false,
        ),
        (
            "{max_version: '1.2', cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]}",
            "cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]",
            true,
        ),
    ];
    for (server, client, works) in cases {
        let server = server.trim_matches(['{', '}']);
        let acceptor = acceptor(&format!("{}, {server}", authority.pair("server")));
        let connector = connector(&format!("{}, {client}", authority.ca()));
        assert_eq!(talk(&acceptor, &connector, "localhost").await.is_ok(), works, "{server} {client}");
    }
}

#[test]
fn mistakes_are_found_when_the_configuration_is_read() {
    let cases = [
        ("ca_file: a, ca_pem: b", "config: provide either a CA file or the PEM-encoded string, but not both"),
        (
            "cert_file: a, cert_pem: b, key_file: c",
            "config: provide either certificate file or PEM, but not both",
        ),
        ("cert_file: a, key_file: c, key_pem: d", "config: provide either key file or PEM, but not both"),
        (
            "cert_file: a",
            "config: TLS configuration must include both certificate and key (CertFile/CertPem and KeyFile/KeyPem)",
        ),
        ("min_version: '2'", "config: invalid TLS min_version: unsupported TLS version: \"2\""),
        (
            "min_version: '1.3', max_version: '1.2'",
            "config: invalid TLS configuration: min_version cannot be greater than max_version",
        ),
        ("ca_flie: a", "has invalid keys: ca_flie"),
    ];
    for (yaml, text) in cases {
        let error = from_yaml::<ClientTls>(&format!("{{{yaml}}}")).unwrap_err();
        assert!(error.contains(text), "{yaml}: {error}");
    }
    assert!(from_yaml::<ClientTls>("").is_ok());
    let error = from_yaml::<ServerTls>("").unwrap_err();
    assert!(error.contains("TLS configuration must include both certificate and key for server connections"));
}

#[test]
fn mistakes_are_found_when_certificates_are_loaded() {
    let authority = Authority::new("mistakes");
    authority.issue("localhost", "server");
    fs::write(authority.path("empty.pem"), "").unwrap();
    let load = |yaml: &str| {
        from_yaml::<ClientTls>(&format!("{{{yaml}}}")).unwrap().connector(&[]).unwrap_err().to_string()
    };
    let empty = authority.path("empty.pem");
    let key = authority.path("server.key");
    let cases = [
        (
            "ca_file: /nowhere/ca.pem".to_owned(),
            "failed to load TLS config: failed to load CA CertPool File: failed to load cert /nowhere/ca.pem: \
             open /nowhere/ca.pem: no such file or directory",
        ),
        (
            format!("ca_file: {empty}"),
            "failed to load TLS config: failed to load CA CertPool File: failed to parse cert",
        ),
        (
            "ca_pem: junk".to_owned(),
            "failed to load TLS config: failed to load CA CertPool PEM: failed to parse cert",
        ),
        (
            format!("cert_file: /nowhere/c.pem, key_file: {key}"),
            "failed to load TLS config: failed to load TLS cert and key: open /nowhere/c.pem: no such file or directory",
        ),
        (
            format!("cert_file: {empty}, key_file: {key}"),
            "failed to load TLS config: failed to load TLS cert and key: failed to load TLS cert and key PEMs: \
             tls: failed to find any PEM data in certificate input",
        ),
        (
            format!("cert_file: {}, key_pem: my-secret", authority.path("server.pem")),
            "failed to load TLS config: failed to load TLS cert and key: failed to load TLS cert and key PEMs: \
             tls: failed to find any PEM data in key input",
        ),
        (
            "cipher_suites: [A, TLS_AES_128_GCM_SHA256, B]".to_owned(),
            "failed to load TLS config: invalid TLS cipher suite: \"A\"\ninvalid TLS cipher suite: \"B\"",
        ),
        (
            "cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]".to_owned(),
            "failed to load TLS config: none of the TLS cipher suites [\"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA\"] is supported",
        ),
        (
            "curve_preferences: [P999]".to_owned(),
            "failed to load TLS config: invalid curve type: P999. Expected values are \
             [P256 P384 P521 X25519 X25519MLKEM768]",
        ),
        (
            "max_version: '1.1', min_version: '1.0'".to_owned(),
            "failed to load TLS config: invalid TLS max_version: versions before 1.2 are not supported",
        ),
        (
            format!("tpm: {{enabled: true}}, cert_pem: a, key_file: {key}"),
            "failed to load TLS config: failed to load TLS cert and key: failed to load private key from TPM: \
             TPM is not supported",
        ),
    ];
    for (yaml, text) in cases {
        assert_eq!(load(&yaml), text, "{yaml}");
    }
}

#[test]
fn plain_text_is_a_choice() {
    let authority = Authority::new("plain");
    let plain = |yaml: &str| from_yaml::<ClientTls>(yaml).unwrap().connector(&[]).unwrap().is_none();
    assert!(plain("insecure: true"));
    assert!(!plain(""));
    assert!(!plain(&format!("{{insecure: true, {}}}", authority.ca())));
    let forced = from_yaml::<ClientTls>("insecure: true").unwrap().connector_over_tls(&["h2"]).unwrap();
    assert_eq!(forced.config().unwrap().alpn_protocols, [b"h2"]);
    assert!(Arc::ptr_eq(&forced.config().unwrap(), &forced.config().unwrap()));
}
