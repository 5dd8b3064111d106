use std::{collections::BTreeMap, io::Read as _};

use serde_json::{Value, json};

use super::*;

fn contents<'a>(reference: &'a Reference, binary: &'a [u8], config: Option<&'a str>) -> Contents<'a> {
    Contents {
        name: "otelcol-test",
        version: "1.2.3",
        description: "A test",
        binary,
        config,
        platform: Platform { architecture: "amd64", variant: None },
        created: Created::default(),
        reference,
    }
}

/// The files of a tar with their modes and owners.
fn read(tar: &[u8]) -> BTreeMap<String, (u32, u64, Vec<u8>)> {
    let mut archive = tar::Archive::new(tar);
    archive
        .entries()
        .unwrap()
        .map(|entry| {
            let mut entry = entry.unwrap();
            assert_eq!(entry.header().mtime().unwrap(), 0);
            assert_eq!(entry.header().username().unwrap(), Some(""));
            let mut data = Vec::new();
            entry.read_to_end(&mut data).unwrap();
            let header = entry.header();
            let facts = (header.mode().unwrap(), header.uid().unwrap(), data);
            (entry.path().unwrap().display().to_string(), facts)
        })
        .collect()
}

fn gunzip(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::GzDecoder::new(data).read_to_end(&mut out).unwrap();
    out
}

fn image(config: Option<&str>) -> Image {
    let reference = Reference::parse("example.com/otelcol-test:1.2.3").unwrap();
    build(&contents(&reference, b"\x7fELF...", config)).unwrap()
}

#[test]
fn the_archive_is_an_oci_layout_and_a_docker_archive_over_the_same_blobs() {
    let image =
        image(Some("receivers:\n  otlp:\n    protocols:\n      grpc:\n        endpoint: localhost:4317\n"));
    let files = read(&image.archive);
    let json = |path: &str| serde_json::from_slice::<Value>(&files[path].2).unwrap();
    let blob = |digest: &Value| {
        let path = format!("blobs/{}", digest.as_str().unwrap().replace(':', "/"));
        assert_eq!(format!("sha256:{}", sha256(&files[&path].2)), digest.as_str().unwrap());
        files[&path].2.clone()
    };
    assert_eq!(json("oci-layout"), json!({"imageLayoutVersion": "1.0.0"}));
    let index = json("index.json");
    let top = &index["manifests"][0];
    assert_eq!(top["digest"], image.digest);
    assert_eq!(top["platform"], json!({"architecture": "amd64", "os": "linux"}));
    assert_eq!(
        top["annotations"],
        json!({
            "io.containerd.image.name": "example.com/otelcol-test:1.2.3",
            "org.opencontainers.image.ref.name": "1.2.3",
        })
    );
    let manifest: Value = serde_json::from_slice(&blob(&top["digest"])).unwrap();
    let config: Value = serde_json::from_slice(&blob(&manifest["config"]["digest"])).unwrap();
    assert_eq!(
        config["config"],
        json!({
            "User": "10001:10001",
            "ExposedPorts": {"4317/tcp": {}},
            "Env": ["PATH=/", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
            "Entrypoint": ["/otelcol-test"],
            "Cmd": ["--config", "/etc/otelcol-test/config.yaml"],
            "WorkingDir": "/",
            "Labels": {
                "org.opencontainers.image.created": "1970-01-01T00:00:00Z",
                "org.opencontainers.image.description": "A test",
                "org.opencontainers.image.title": "otelcol-test",
                "org.opencontainers.image.version": "1.2.3",
            },
        })
    );
    let docker = json("manifest.json");
    let path = |digest: &Value| format!("blobs/{}", digest.as_str().unwrap().replace(':', "/"));
    assert_eq!(docker[0]["Config"], path(&manifest["config"]["digest"]));
    assert_eq!(docker[0]["RepoTags"], json!(["example.com/otelcol-test:1.2.3"]));
    let layers = manifest["layers"].as_array().unwrap();
    assert_eq!(layers.len(), 3);
    for (i, layer) in layers.iter().enumerate() {
        assert_eq!(docker[0]["Layers"][i], path(&layer["digest"]));
        let tar = gunzip(&blob(&layer["digest"]));
        assert_eq!(config["rootfs"]["diff_ids"][i], format!("sha256:{}", sha256(&tar)));
        assert_eq!(layer["size"], blob(&layer["digest"]).len());
    }
}

#[test]
fn the_root_file_system_has_what_a_collector_needs() {
    let image = image(Some("a: 1\n"));
    let mut root = BTreeMap::new();
    for (path, (_, _, data)) in read(&image.archive) {
        if path.starts_with("blobs/sha256/") && data.starts_with(&[0x1f, 0x8b]) {
            root.extend(read(&gunzip(&data)));
        }
    }
    let facts = |path: &str| (root[path].0, root[path].1);
    assert_eq!(facts("otelcol-test"), (0o755, 0));
    assert_eq!(root["otelcol-test"].2, b"\x7fELF...");
    assert_eq!(facts("tmp/"), (0o1777, 0));
    assert_eq!(facts("var/lib/otelcol/"), (0o750, 10_001));
    assert_eq!(root["etc/otelcol-test/config.yaml"].2, b"a: 1\n");
    assert!(String::from_utf8_lossy(&root["etc/passwd"].2).contains("otelcol:x:10001:10001:"));
    let roots = String::from_utf8_lossy(&root["etc/ssl/certs/ca-certificates.crt"].2).into_owned();
    let count = roots.matches("-----BEGIN CERTIFICATE-----\n").count();
    assert_eq!(count, webpki_root_certs::TLS_SERVER_ROOT_CERTS.len());
    assert!(roots.lines().all(|line| line.len() <= 64));
}

#[test]
fn equal_contents_are_equal_bytes() {
    let config = Some("receivers: {}\n");
    assert_eq!(image(config).archive, image(config).archive);
    assert_ne!(image(config).digest, image(None).digest);
}

#[test]
fn without_a_configuration_there_is_no_default_command() {
    let image = image(None);
    let files = read(&image.archive);
    let text: String =
        files.values().map(|(_, _, data)| String::from_utf8_lossy(data).into_owned()).collect();
    assert!(text.contains(r#""Entrypoint":["/otelcol-test"]"#) && !text.contains(r#""Cmd""#));
    assert!(text.contains(r#""ExposedPorts":{"4317/tcp":{},"4318/tcp":{}}"#));
}
