//! The real Kafka: one process that is broker and controller.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::{
    command::run,
    maven::{self, Java},
};

/// Java starts slowly on a busy machine.
const DEADLINE: Duration = Duration::from_mins(3);

/// What the programs are made of.
const ARTIFACTS: [&str; 3] = [
    "org.apache.kafka:kafka_2.13:4.1.0",
    "org.apache.kafka:kafka-tools:4.1.0",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3",
];

/// Name and password that the broker asks for on its second port, whatever the mechanism. With OAUTHBEARER it takes tokens of
/// anybody that are not signed.
pub(crate) const USER: (&str, &str) = ("jane", "correct horse");

/// A Kafka on this machine; killed when dropped.
#[derive(Debug)]
pub(crate) struct Kafka {
    child: Child,
    java: Java,
    dir: TempDir,
    plain: SocketAddr,
    sasl: SocketAddr,
    tls: SocketAddr,
}

impl Kafka {
    /// Starts one, if the machine has what it takes; if not, says so loudly, or panics where `CI` is `true`.
    pub(crate) fn start() -> Option<Self> {
        let java = maven::classpath("kafka", &ARTIFACTS)?;
        let dir = tempfile::tempdir().unwrap();
        // Kafka has to be told what others are to call it by, so it cannot take any port.
        let ports: Vec<TcpListener> =
            (0..4).map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()).collect();
        let [plain, sasl, tls, controller] = [0, 1, 2, 3].map(|at: usize| ports[at].local_addr().unwrap());
        drop(ports);
        let (user, password) = USER;
        certificates(&dir);
        let file = |name: &str| dir.path().join(name).display().to_string();
        let properties = format!(
            "process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{controller}
listeners=PLAINTEXT://{plain},SASL_PLAINTEXT://{sasl},SSL://{tls},CONTROLLER://{controller}
advertised.listeners=PLAINTEXT://{plain},SASL_PLAINTEXT://{sasl},SSL://{tls}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL
listener.name.ssl.ssl.keystore.type=PEM
listener.name.ssl.ssl.keystore.location={}
listener.name.ssl.ssl.truststore.type=PEM
listener.name.ssl.ssl.truststore.location={}
listener.name.ssl.ssl.client.auth=required
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
listener.name.sasl_plaintext.plain.sasl.jaas.config=\
             org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}=\"{password}\";
listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config=\
             org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config=\
             org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl_plaintext.oauthbearer.sasl.jaas.config=\
             org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;
log.dirs={}
num.partitions=4
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
",
            file("broker.pem"),
            file("authority.pem"),
            file("data")
        );
        fs::write(dir.path().join("server.properties"), properties).unwrap();
        let scram = |mechanism: &str| format!("{mechanism}=[name={user},password={password}]");
        let mut format = java.command();
        format.args(["kafka.tools.StorageTool", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c"]);
        format.arg(dir.path().join("server.properties"));
        for mechanism in ["SCRAM-SHA-256", "SCRAM-SHA-512"] {
            format.arg("--add-scram").arg(scram(mechanism));
        }
        run(&mut format, DEADLINE).expect_success();
        let child = spawn(&java, &dir);
        let mut kafka = Self { child, java, dir, plain, sasl, tls };
        kafka.wait();
        Some(kafka)
    }

    /// Where it asks nobody who they are.
    pub(crate) fn address(&self) -> SocketAddr {
        self.plain
    }

    /// Where it asks for [`USER`].
    pub(crate) fn sasl(&self) -> SocketAddr {
        self.sasl
    }

    /// Where it speaks TLS with those that have the certificate `client.pem`.
    pub(crate) fn tls(&self) -> SocketAddr {
        self.tls
    }

    /// One of the files that there are for TLS: `authority.pem`, `client.pem`, `client.key`.
    pub(crate) fn file(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    /// Ends it, as an operator would or as a power failure does.
    pub(crate) fn stop(&mut self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again, with all that it had.
    pub(crate) fn start_again(&mut self) {
        self.child = spawn(&self.java, &self.dir);
        self.wait();
    }

    /// One of the programs that come with it.
    pub(crate) fn tool(&self, class: &str) -> Command {
        let mut tool = self.java.command();
        tool.args([class, "--bootstrap-server", &self.plain.to_string()]);
        tool
    }

    fn wait(&mut self) {
        let deadline = Instant::now() + DEADLINE;
        while TcpStream::connect(self.plain).is_err() {
            let log = || fs::read_to_string(self.dir.path().join("log")).unwrap();
            assert_eq!(self.child.try_wait().unwrap(), None, "Kafka ended: {}", log());
            assert!(Instant::now() < deadline, "Kafka was not up within {DEADLINE:?}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

/// Makes an authority and what it certifies: the broker, key and all in a file, and a client.
fn certificates(dir: &TempDir) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let certified = |name: &str| {
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
        (certificate.pem(), key.serialize_pem())
    };
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    write("authority.pem", &authority.pem());
    let (certificate, key) = certified("127.0.0.1");
    write("broker.pem", &(key + &certificate));
    let (certificate, key) = certified("collector");
    write("client.pem", &certificate);
    write("client.key", &key);
}

fn spawn(java: &Java, dir: &TempDir) -> Child {
    let log = File::options().create(true).append(true).open(dir.path().join("log")).unwrap();
    let properties: PathBuf = dir.path().join("server.properties");
    let mut command = java.command();
    command.arg("kafka.Kafka").arg(properties).stdin(Stdio::null());
    command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap()
}

impl Drop for Kafka {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
