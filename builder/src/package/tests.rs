use std::io::Read as _;

use lzma_rust2::XzReader;

use super::*;
use crate::{class::Class, image::Created};

/// A distribution whose texts try every template.
fn facts() -> Facts {
    let component = |class, name: &str| (class, name.to_owned());
    Facts {
        name: "otelcol-edge".to_owned(),
        written_version: "1.0.0-rc.1".to_owned(),
        version: "1.0.0~rc.1".to_owned(),
        release: None,
        description: "100 % of what a shop at the edge needs.".to_owned(),
        maintainer: "Jane Doe <jane@example.org>".to_owned(),
        homepage: Some("https://example.org/edge".to_owned()),
        license: "MIT".to_owned(),
        user: "edge".to_owned(),
        group: "shop".to_owned(),
        components: vec![component(Class::Receiver, "otlp"), component(Class::Exporter, "debug")],
        time: Created::parse("1700000000").unwrap(),
    }
}

fn contents(facts: &Facts) -> Contents<'_> {
    Contents {
        facts,
        architecture: Architecture::of_target("aarch64-unknown-linux-gnu").unwrap(),
        binary: b"\x7fELF",
        config: "receivers:\n",
        notices: "Notices\n",
    }
}

/// Name, mode and text of everything in a tar.
fn entries(tar: &[u8]) -> Vec<(String, u32, String)> {
    let mut archive = tar::Archive::new(tar);
    let entries = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let name = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
        let mut data = Vec::new();
        entry.read_to_end(&mut data).unwrap();
        (name, entry.header().mode().unwrap(), String::from_utf8_lossy(&data).into_owned())
    });
    entries.collect()
}

/// The two tars in a `.deb`: control and data.
fn opened(deb: &[u8]) -> [Vec<(String, u32, String)>; 2] {
    let mut rest = deb.strip_prefix(b"!<arch>\n").unwrap();
    let mut members = Vec::new();
    while let Some((line, after)) = rest.split_at_checked(60) {
        let line = std::str::from_utf8(line).unwrap();
        let size: usize = line[48..58].trim().parse().unwrap();
        members.push((line[..16].trim().to_owned(), &after[..size]));
        rest = after.get(size.next_multiple_of(2)..).unwrap_or_default();
    }
    let names: Vec<_> = members.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["debian-binary", "control.tar.xz", "data.tar.xz"]);
    assert_eq!(members[0].1, b"2.0\n");
    [1, 2].map(|position| {
        let mut tar = Vec::new();
        XzReader::new(members[position].1, false).read_to_end(&mut tar).unwrap();
        entries(&tar)
    })
}

fn text<'a>(entries: &'a [(String, u32, String)], name: &str) -> &'a str {
    &entries.iter().find(|(its, ..)| its == name).unwrap_or_else(|| panic!("no {name}")).2
}

#[test]
fn a_deb_has_its_files_in_their_places() {
    let facts = facts();
    let made = make(Format::Deb, &contents(&facts)).unwrap();
    assert_eq!(made.file_name, "otelcol-edge_1.0.0~rc.1_arm64.deb");
    let [control, data] = opened(&made.data);
    let listed: Vec<_> = data.iter().map(|(name, mode, _)| format!("{mode:o} {name}")).collect();
    assert_eq!(
        listed,
        [
            "755 ./",
            "755 ./etc/",
            "755 ./etc/otelcol-edge/",
            "644 ./etc/otelcol-edge/config.yaml",
            "644 ./etc/otelcol-edge/otelcol-edge.conf",
            "755 ./usr/",
            "755 ./usr/bin/",
            "755 ./usr/bin/otelcol-edge",
            "755 ./usr/lib/",
            "755 ./usr/lib/systemd/",
            "755 ./usr/lib/systemd/system/",
            "644 ./usr/lib/systemd/system/otelcol-edge.service",
            "755 ./usr/share/",
            "755 ./usr/share/doc/",
            "755 ./usr/share/doc/otelcol-edge/",
            "644 ./usr/share/doc/otelcol-edge/changelog.gz",
            "644 ./usr/share/doc/otelcol-edge/copyright",
            "755 ./usr/share/lintian/",
            "755 ./usr/share/lintian/overrides/",
            "644 ./usr/share/lintian/overrides/otelcol-edge",
            "755 ./usr/share/man/",
            "755 ./usr/share/man/man1/",
            "644 ./usr/share/man/man1/otelcol-edge.1.gz",
        ]
    );
    let names: Vec<_> = control.iter().map(|(name, mode, _)| format!("{mode:o} {name}")).collect();
    assert_eq!(
        names,
        [
            "755 ./",
            "644 ./conffiles",
            "644 ./control",
            "644 ./md5sums",
            "755 ./postinst",
            "755 ./postrm",
            "755 ./prerm"
        ]
    );
    assert_eq!(
        text(&control, "./conffiles"),
        "/etc/otelcol-edge/config.yaml\n/etc/otelcol-edge/otelcol-edge.conf\n"
    );
    assert_eq!(
        text(&control, "./control"),
        "Package: otelcol-edge\nVersion: 1.0.0~rc.1\nArchitecture: arm64\nInstalled-Size: 23\n\
         Maintainer: Jane Doe <jane@example.org>\nDepends: adduser, init-system-helpers (>= 1.54~)\n\
         Recommends: ca-certificates\nSection: net\nPriority: optional\nHomepage: https://example.org/edge\n\
         Description: 100 % of what a shop at the edge needs\n \
         100 % of what a shop at the edge needs. It receives, processes and exports\n \
         telemetry as told by a configuration of the OpenTelemetry Collector.\n .\n \
         It has these receivers: otlp.\n It has these exporters: debug.\n"
    );
    let sums = text(&control, "./md5sums");
    assert!(sums.starts_with("d1531b1622de54fe3a0187c3344600e9  usr/bin/otelcol-edge\n"), "{sums}");
    assert!(!sums.contains("etc/") && sums.lines().count() == 6, "{sums}");
}

#[test]
fn a_second_packaging_of_a_version_has_a_revision() {
    let facts = Facts { release: Some(2), ..facts() };
    let made = make(Format::Deb, &contents(&facts)).unwrap();
    assert_eq!(made.file_name, "otelcol-edge_1.0.0~rc.1-2_arm64.deb");
    let [control, data] = opened(&made.data);
    assert!(text(&control, "./control").contains("\nVersion: 1.0.0~rc.1-2\n"));
    assert!(data.iter().any(|(name, ..)| name.ends_with("/changelog.Debian.gz")));
    let made = make(Format::Rpm, &contents(&facts)).unwrap();
    assert_eq!(made.file_name, "otelcol-edge-1.0.0~rc.1-2.aarch64.rpm");
}

#[test]
fn an_archive_is_flat() {
    let facts = facts();
    let made = make(Format::TarGz, &contents(&facts)).unwrap();
    assert_eq!(made.file_name, "otelcol-edge_1.0.0-rc.1_linux_arm64.tar.gz");
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(&*made.data).read_to_end(&mut tar).unwrap();
    let entries = entries(&tar);
    let listed: Vec<_> = entries.iter().map(|(name, mode, _)| format!("{mode:o} {name}")).collect();
    assert_eq!(
        listed,
        [
            "644 NOTICES",
            "644 README.md",
            "644 config.yaml",
            "755 otelcol-edge",
            "644 otelcol-edge.1",
            "644 otelcol-edge.conf",
            "644 otelcol-edge.service",
        ]
    );
    let readme = text(&entries, "README.md");
    assert!(readme.starts_with("# otelcol-edge 1.0.0-rc.1\n\n100 % of what a shop"), "{readme}");
    assert!(readme.contains("\ngetent group shop >/dev/null || groupadd --system shop\n"), "{readme}");
    assert!(readme.contains("useradd --system --gid shop --home-dir /var/lib/otelcol-edge "), "{readme}");
}

#[test]
fn packages_do_not_change_from_one_time_to_the_next() {
    let facts = facts();
    for format in Format::ALL {
        let [one, other] = [(); 2].map(|()| make(format, &contents(&facts)).unwrap().data);
        assert!(one == other, "{format:?}");
    }
}

#[test]
fn the_service_gets_what_its_components_need() {
    let unit = |class, name: &str| {
        let mut facts = facts();
        facts.components.push((class, name.to_owned()));
        let unit = texts::render(tree::SERVICE, &facts).unwrap();
        let script =
            texts::render(include_str!("../../../templates/package/deb-postinst.jinja"), &facts).unwrap();
        let joined: Vec<String> = script
            .lines()
            .filter_map(|line| line.trim().strip_prefix("adduser --quiet edge ").map(str::to_owned))
            .collect();
        (unit, joined.join(" "))
    };
    let (plain, joined) = unit(Class::Exporter, "file_log");
    assert!(plain.contains("\nDescription=100 %% of what a shop at the edge needs\n"), "{plain}");
    assert!(plain.contains("\nDocumentation=man:otelcol-edge(1) https://example.org/edge\n"));
    assert!(plain.contains("\nUser=edge\nGroup=shop\n"));
    assert!(
        plain.contains("\nProtectHome=yes\n")
            && plain.contains("\nProtectProc=invisible\nProtectSystem=strict\n")
    );
    assert!(plain.contains("\nRestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\n"));
    assert_eq!(joined, "");

    let (watching, _) = unit(Class::Receiver, "host_metrics");
    assert!(
        watching.contains("\nProtectHome=read-only\n") && !watching.contains("ProtectProc"),
        "{watching}"
    );
    assert!(watching.contains("\nRestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK\n"));
    assert_eq!(unit(Class::Receiver, "file_log"), (plain.clone(), "adm".to_owned()));
    assert_eq!(unit(Class::Receiver, "journald"), (plain, "systemd-journal".to_owned()));
}

#[test]
fn the_scripts_are_shell() {
    let facts = facts();
    for (name, template) in deb::SCRIPTS.into_iter().chain(rpm::SCRIPTS.map(|script| ("rpm", script))) {
        let text = texts::render(template, &facts).unwrap();
        let mut shell = std::process::Command::new("sh")
            .arg("-n")
            .stdin(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(shell.stdin.as_mut().unwrap(), text.as_bytes()).unwrap();
        let output = shell.wait_with_output().unwrap();
        assert!(output.status.success(), "{name}: {}\n{text}", String::from_utf8_lossy(&output.stderr));
    }
}
