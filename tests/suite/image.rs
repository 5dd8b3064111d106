//! The image, loaded and run by podman.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    time::Duration,
};

use rustix::process::{Signal, kill_process};
use slimcol_bench::Sink;
use slimcol_testing::generate;

use crate::kit::{collector::READY, distros, http, podman::Podman};

/// The configuration the image starts with.
const SHIPPED: &str = "/etc/otelcol-otlp/config.yaml";
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn podman_runs_the_image_and_it_relays() {
    let Some(podman) = Podman::find() else { return };
    let sink = Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let (otlp, health) = (free_port(), free_port());
    let image = podman.load(&distros::otlp().image);
    assert_eq!(podman.inspect(&image, "{{.Config.User}}"), "10001:10001");
    assert_eq!(podman.inspect(&image, "{{json .Config.Entrypoint}}"), "[\"/otelcol-otlp\"]");

    assert_eq!(podman.inspect(&image, "{{json .Config.Cmd}}"), format!("[\"--config\",\"{SHIPPED}\"]"));
    let validated = podman.finish(&image, &["validate", "--config", SHIPPED]);
    assert_eq!((&*validated.stdout, &*validated.stderr), ("", ""));

    let yaml = yaml(sink.address, otlp, health);
    let container = podman.start("slimcol-suite-image", &image, &["--config", &format!("yaml:{yaml}")]);
    container.log.line(READY);
    let answer = http::get(health, "/");
    assert_eq!(answer.status, 200);
    assert!(answer.text().starts_with("{\"status\":\"Server available\",\"upSince\":"), "{}", answer.text());

    http::export(otlp, "/v1/traces", &generate::traces(3, 70));
    assert_eq!(sink.received().wait(70, PATIENCE), 70);
    let (code, log) = container.stop();
    assert_eq!(code, Some(0), "{log:#?}");
    assert!(log.iter().any(|line| line.contains("Shutdown complete.")), "{log:#?}");
}

/// podman takes health checks from docker's format only.
#[test]
fn podman_finds_out_whether_the_collector_is_well() {
    let Some(podman) = Podman::find() else { return };
    let (otlp, health) = (free_port(), free_port());
    let dir = tempfile::tempdir().unwrap();
    let tar = dir.path().join("otelcol.docker.tar");
    let binary = format!("linux/{}={}", architecture(), distros::otlp().binary.display());
    let made = ["image", "--config=manifests/otlp.yaml", "--binary", &binary, "--format=docker-archive"];
    distros::slimcol_in(distros::root(), &[&made[..], &["--output", tar.to_str().unwrap()]].concat())
        .expect_success();
    let image = podman.load(&tar);
    let check = podman.inspect(&image, "{{json .HealthCheck.Test}}");
    assert_eq!(check, "[\"CMD\",\"/otelcol-otlp\",\"healthcheck\"]");

    let yaml = yaml(SocketAddr::from((Ipv4Addr::LOCALHOST, 1)), otlp, health);
    let container = podman.start("slimcol-suite-health", &image, &["--config", &format!("yaml:{yaml}")]);
    container.log.line(READY);
    let (well, ended) = container.health();
    assert!(well, "{ended:?}");
    kill_process(container.process(), Signal::STOP).unwrap();
    let (well, ended) = container.health();
    assert!(!well, "{ended:?}");
    kill_process(container.process(), Signal::CONT).unwrap();
    let (well, ended) = container.health();
    assert!(well, "{ended:?}");
    let (code, log) = container.stop();
    assert_eq!(code, Some(0), "{log:#?}");
}

/// This machine's, as images call it.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

fn free_port() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

fn yaml(to: SocketAddr, otlp: SocketAddr, health: SocketAddr) -> String {
    format!(
        "{{receivers: {{otlp: {{protocols: {{http: {{endpoint: '{otlp}'}}}}}}}}, \
         exporters: {{otlp_grpc: {{endpoint: '{to}', tls: {{insecure: true}}}}}}, \
         extensions: {{health_check: {{endpoint: '{health}'}}}}, \
         service: {{extensions: [health_check], telemetry: {{metrics: {{level: none}}}}, \
         pipelines: {{traces: {{receivers: [otlp], exporters: [otlp_grpc]}}}}}}}}"
    )
}
