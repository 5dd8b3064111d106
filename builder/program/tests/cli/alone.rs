//! The command without a checkout: the sources are in it.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use crate::{files_in, manifest, said};

const MANIFEST: &str =
    "dist: {name: otelcol-probe, output_path: out}\nreceivers: [otlp]\nexporters: [debug]\n";
const GENERATE: [&str; 5] =
    ["build", "--config", "manifest.yaml", "--skip-get-modules", "--skip-compilation"];

/// The command with an environment of its own: nothing but a home folder and where the compiler is.
fn slimcol(folder: &Path, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slimcol"));
    command.current_dir(folder).env_clear().envs(variables.iter().copied());
    for name in ["PATH", "CARGO", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    let home = std::env::home_dir().unwrap();
    command.env("CARGO_HOME", std::env::var_os("CARGO_HOME").unwrap_or_else(|| home.join(".cargo").into()));
    command
        .env("RUSTUP_HOME", std::env::var_os("RUSTUP_HOME").unwrap_or_else(|| home.join(".rustup").into()));
    command
}

#[test]
fn a_program_on_its_own_generates_from_an_empty_folder() {
    let elsewhere = tempfile::tempdir().unwrap();
    let program = elsewhere.path().join("slimcol");
    fs::copy(env!("CARGO_BIN_EXE_slimcol"), &program).unwrap();
    let folder = manifest(MANIFEST);
    let home = folder.path().join("home");
    let mut command = Command::new(&program);
    let variables = slimcol(folder.path(), &[("HOME", home.to_str().unwrap())]);
    command.env_clear().envs(variables.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.current_dir(folder.path()).args(GENERATE).output().unwrap();
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(0), ""));
    let main = fs::read_to_string(folder.path().join("out/_build/src/main.rs")).unwrap();
    assert!(main.contains("slimcol_receiver_otlp::FACTORY"), "{main}");
    assert_eq!(fs::read_dir(home.join(".cache/slimcol/sources")).unwrap().count(), 1);
}

#[test]
fn the_cache_is_where_the_variables_say() {
    for (variables, expected) in [
        (
            &[("SLIMCOL_CACHE_DIR", "mine"), ("XDG_CACHE_HOME", "/nowhere"), ("HOME", "/nowhere")][..],
            "mine/sources",
        ),
        (
            &[("SLIMCOL_CACHE_DIR", ""), ("XDG_CACHE_HOME", "[dir]/xdg"), ("HOME", "/nowhere")],
            "xdg/slimcol/sources",
        ),
        (&[("XDG_CACHE_HOME", "relative"), ("HOME", "[dir]/home")], "home/.cache/slimcol/sources"),
    ] {
        let folder = manifest(MANIFEST);
        let dir = folder.path().to_str().unwrap();
        let values: Vec<String> = variables.iter().map(|(_, value)| value.replace("[dir]", dir)).collect();
        let variables: Vec<_> =
            variables.iter().zip(&values).map(|((name, _), value)| (*name, &**value)).collect();
        let output = slimcol(folder.path(), &variables).args(GENERATE).output().unwrap();
        assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(0), ""));
        let found = files_in(folder.path());
        let cached =
            |path: &str| path.starts_with(expected) && path.ends_with("collector/service/Cargo.toml");
        assert!(found.iter().any(|(path, _)| cached(path)), "{expected}");
    }
}

#[test]
fn a_home_that_cannot_be_written_is_named_with_the_way_out() {
    let folder = manifest(MANIFEST);
    let home = folder.path().join("home");
    fs::write(&home, "").unwrap();
    fs::set_permissions(&home, fs::Permissions::from_mode(0o444)).unwrap();
    let output = slimcol(folder.path(), &[("HOME", home.to_str().unwrap())]).args(GENERATE).output().unwrap();
    let expected = "error: cannot keep Slimcol's sources in `[dir]/home/.cache/slimcol/sources`: cannot create \
                    `[dir]/home/.cache/slimcol/sources`: Not a directory (os error 20); name a folder that can be written to \
                    with SLIMCOL_CACHE_DIR\n";
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(1), expected));
    assert_eq!(files_in(folder.path()).len(), 2);
}
