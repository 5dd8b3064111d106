use std::{collections::BTreeMap, io::Read as _};

use serde_json::{Value, json};

use super::*;

const CONFIG: &str = "receivers:\n  otlp:\n    protocols:\n      grpc:\n        endpoint: localhost:4317\n";

const AMD64: Platform = Platform { architecture: "amd64", variant: None };
const ARM64: Platform = Platform { architecture: "arm64", variant: Some("v8") };

fn made(config: Option<&str>, wishes: &Wishes, platforms: &[Platform], dialect: Dialect) -> Image {
    let contents = Contents {
        name: "otelcol-test",
        version: "1.2.3",
        description: "A test",
        binaries: platforms.iter().map(|platform| (*platform, &b"\x7fELF..."[..])).collect(),
        config,
        components: vec![("receivers", "zipkin")],
        created: Created::default(),
        wishes,
        dialect,
    };
    let names = ["example.com/otelcol-test:1.2.3", "otelcol-test:latest"];
    build(&contents, names.map(|name| Reference::parse(name).unwrap()).into()).unwrap()
}

fn tar(image: &Image, format: Format) -> Vec<u8> {
    archive::write(image, format, Created::default()).unwrap()
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
    made(config, &Wishes::default(), &[AMD64], Dialect::Oci)
}

/// The configuration of an image's first platform.
fn configuration(image: &Image) -> Value {
    let (_, manifest) = image.manifests().unwrap().remove(0);
    serde_json::from_slice(image.data(&manifest.config).unwrap()).unwrap()
}

#[test]
fn the_archive_is_an_oci_layout_and_a_docker_archive_over_the_same_blobs() {
    let image = image(Some(CONFIG));
    let files = read(&tar(&image, Format::Archive));
    let json = |path: &str| serde_json::from_slice::<Value>(&files[path].2).unwrap();
    let blob = |digest: &Value| {
        let path = format!("blobs/{}", digest.as_str().unwrap().replace(':', "/"));
        assert_eq!(format!("sha256:{}", sha256(&files[&path].2)), digest.as_str().unwrap());
        files[&path].2.clone()
    };
    assert_eq!(json("oci-layout"), json!({"imageLayoutVersion": "1.0.0"}));
    let index = json("index.json");
    let top = &index["manifests"][0];
    assert_eq!(top["digest"], image.top.digest);
    assert_eq!(top["platform"], json!({"architecture": "amd64", "os": "linux"}));
    assert_eq!(
        top["annotations"],
        json!({
            "io.containerd.image.name": "example.com/otelcol-test:1.2.3",
            "org.opencontainers.image.ref.name": "1.2.3",
        })
    );
    let other = &index["manifests"][1];
    assert_eq!(other["digest"], top["digest"]);
    assert_eq!(other["annotations"]["io.containerd.image.name"], "otelcol-test:latest");
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
    assert_eq!(docker[0]["RepoTags"], json!(["example.com/otelcol-test:1.2.3", "otelcol-test:latest"]));
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
    for (path, (_, _, data)) in read(&tar(&image, Format::Archive)) {
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
    for format in [Format::Archive, Format::OciArchive, Format::DockerArchive] {
        assert_eq!(tar(&image(config), format), tar(&image(config), format));
    }
    assert_ne!(image(config).top.digest, image(None).top.digest);
}

#[test]
fn without_a_configuration_there_is_no_default_command() {
    let config = &configuration(&image(None))["config"];
    assert_eq!(config["Entrypoint"], json!(["/otelcol-test"]));
    assert_eq!(config["Cmd"], Value::Null);
    assert_eq!(config["ExposedPorts"], json!({"9411/tcp": {}}));
}

#[test]
fn a_health_check_is_there_if_the_configuration_tells_of_health() {
    let check = |config: &str| configuration(&image(Some(config)))["config"]["Healthcheck"].clone();
    let config = "extensions: {health_check: }\nservice: {extensions: [health_check]}";
    let expected = json!({
        "Test": ["CMD", "/otelcol-test", "healthcheck"],
        "Interval": 30_000_000_000_u64,
        "Timeout": 5_000_000_000_u64,
        "StartPeriod": 5_000_000_000_u64,
        "Retries": 3,
    });
    assert_eq!(check(config), expected);
    assert_eq!(check("extensions: {health_check: }\nservice: {extensions: []}"), Value::Null);
    assert_eq!(remarks(Some(config)), None);
    assert!(remarks(None).unwrap().contains("no `dist.config`"));
    assert!(
        remarks(Some(&config.replace("check: ", "check: {tls: {cert_file: a}}")))
            .unwrap()
            .contains("plain HTTP")
    );
}

#[test]
fn wishes_come_true() {
    let labels =
        [("a", "b"), ("org.opencontainers.image.title", "Mine"), ("org.opencontainers.image.created", "")];
    let wishes = Wishes {
        labels: labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
        user: Some(User { uid: 65_532, gid: 0 }),
        expose: [Port::parse("514/udp").unwrap()].into(),
    };
    let image = made(Some(CONFIG), &wishes, &[AMD64], Dialect::Oci);
    let config = &configuration(&image)["config"];
    let expected = json!({
        "a": "b",
        "org.opencontainers.image.description": "A test",
        "org.opencontainers.image.title": "Mine",
        "org.opencontainers.image.version": "1.2.3",
    });
    assert_eq!(config["Labels"], expected);
    assert_eq!(config["User"], "65532:0");
    assert_eq!(config["ExposedPorts"], json!({"4317/tcp": {}, "514/udp": {}}));
    let (_, manifest) = image.manifests().unwrap().remove(0);
    assert_eq!(json!(manifest.annotations), expected);
    let base = read(&gunzip(image.data(&manifest.layers[0]).unwrap()));
    assert_eq!(base["var/lib/otelcol/"].1, 65_532);
    assert_eq!(base["etc/group"].2, b"root:x:0:\n");
    assert!(String::from_utf8_lossy(&base["etc/passwd"].2).contains("otelcol:x:65532:0:"));
}

#[test]
fn several_platforms_are_an_index_over_shared_layers() {
    let image = made(Some(CONFIG), &Wishes::default(), &[ARM64, AMD64], Dialect::Oci);
    assert_eq!(image.top.media_type, "application/vnd.oci.image.index.v1+json");
    let manifests = image.manifests().unwrap();
    let platforms: Vec<Value> = manifests.iter().map(|(descriptor, _)| json!(descriptor.platform)).collect();
    let arm64 = json!({"architecture": "arm64", "os": "linux", "variant": "v8"});
    assert_eq!(platforms, [arm64, json!({"architecture": "amd64", "os": "linux"})]);
    assert_eq!(manifests[0].1.layers, manifests[1].1.layers);
    let docker: Value =
        serde_json::from_slice(&read(&tar(&image, Format::Archive))["manifest.json"].2).unwrap();
    assert_eq!(docker[0]["Config"], blobs::path(&manifests[0].1.config.digest));
    let refused = archive::write(&image, Format::DockerArchive, Created::default()).unwrap_err();
    assert!(refused.to_string().contains("one platform"));
}

#[test]
fn what_is_saved_in_any_form_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let two = [AMD64, ARM64];
    for (format, platforms) in [
        (Format::Archive, &two[..]),
        (Format::OciArchive, &two),
        (Format::OciLayout, &two),
        (Format::OciLayout, &two[..1]),
        (Format::DockerArchive, &two[..1]),
    ] {
        let image = made(Some(CONFIG), &Wishes::default(), platforms, format.dialect());
        let path = folder.path().join(format.file_name("a"));
        let saved = save(&image, format, Created::default(), &path).unwrap();
        assert!(saved.bytes >= saved.data.len() as u64);
        let opened = open(&path).unwrap();
        assert_eq!(opened.top.bare(), image.top.bare(), "{format:?}");
        assert_eq!(opened.references, image.references);
        for (_, manifest) in opened.manifests().unwrap() {
            assert!(
                opened.data(&manifest.config).is_ok()
                    && manifest.layers.iter().all(|l| opened.data(l).is_ok())
            );
        }
    }
}

#[test]
fn a_folder_that_is_no_layout_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.oci");
    std::fs::create_dir(&path).unwrap();
    let refused = save(&image(None), Format::OciLayout, Created::default(), &path).unwrap_err();
    assert!(refused.to_string().ends_with("is there and is no OCI layout: remove it, or name another place"));
}

#[test]
fn what_is_no_image_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image");
    let refused = |path: &std::path::Path| open(path).unwrap_err().chain();
    assert!(refused(&path).starts_with("cannot read `"));
    assert!(refused(folder.path()).contains("neither an OCI layout (`oci-layout`) nor a docker archive"));
    save(&image(None), Format::OciLayout, Created::default(), &path).unwrap();
    let top = open(&path).unwrap().top.digest;
    std::fs::write(path.join(blobs::path(&top)), "{}").unwrap();
    assert!(refused(&path).contains(&top), "{}", refused(&path));
    let index = std::fs::read_to_string(path.join("index.json")).unwrap();
    std::fs::write(path.join("index.json"), index.replace("sha256:", "../../")).unwrap();
    assert!(refused(&path).contains("is not in it"), "{}", refused(&path));
}
