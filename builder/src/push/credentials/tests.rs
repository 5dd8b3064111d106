use std::path::PathBuf;

use super::*;

fn write(folder: &tempfile::TempDir, name: &str, text: &str) -> Place {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    Place { path, required: false }
}

fn reference(text: &str) -> Reference {
    Reference::parse(text).unwrap()
}

fn password(user: &str, password: &str) -> Login {
    Login::Password { user: user.to_owned(), password: Secret::new(password) }
}

/// `u:p`, `u2:p:2`.
const AUTHS: &str = r#"{"auths": {
    "a.example": {"auth": "dTpw"},
    "https://b.example:5000/v2/": {"auth": "dTI6cDoy"},
    "c.example/team": {"auth": "dTpw"},
    "c.example": {"username": "whole", "password": "q"},
    "https://index.docker.io/v1/": {"auth": "dTpw", "identitytoken": "refresh"},
    "d.example": {"registrytoken": "bearer"},
    "e.example": {},
    "f.example": {"auth": "!"},
    "g.example": {"auth": "dXA="}
}}"#;

#[test]
fn entries_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let places = [write(&folder, "config.json", AUTHS)];
    for (name, login) in [
        ("a.example/x", Some(password("u", "p"))),
        ("b.example:5000/x", Some(password("u2", "p:2"))),
        ("b.example/x", None),
        ("c.example/team/x", Some(password("u", "p"))),
        ("c.example/teams/x", Some(password("whole", "q"))),
        ("c.example/x", Some(password("whole", "q"))),
        ("x", Some(Login::Identity(Secret::new("refresh")))),
        ("docker.io/me/x", Some(Login::Identity(Secret::new("refresh")))),
        ("d.example/x", Some(Login::Token(Secret::new("bearer")))),
        ("e.example/x", None),
    ] {
        assert_eq!(find_in(&reference(name), &places).unwrap().login, login, "{name}");
    }
    for (name, what) in [("f.example/x", "that is not base64"), ("g.example/x", "without a colon in it")] {
        let error = find_in(&reference(name), &places).unwrap_err().to_string();
        assert!(error.ends_with(what) && error.contains("config.json"), "{error}");
    }
}

#[test]
fn where_credentials_are_from_is_told_and_they_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (write(&folder, "auth.json", "{}"), write(&folder, "config.json", AUTHS));
    let files = [one.path.display().to_string(), two.path.display().to_string()];
    let missing = Place { path: PathBuf::from("/nowhere/config.json"), required: false };
    let places = [missing, one, two];
    let origin = |name: &str, places: &[Place]| find_in(&reference(name), places).unwrap().origin;
    assert_eq!(origin("a.example/x", &places), format!("user `u` from `{}`", files[1]));
    assert_eq!(origin("x", &places), format!("an identity token from `{}`", files[1]));
    assert_eq!(
        origin("z.example/x", &places),
        format!("no credentials, since `{}` or `{}` has none for `z.example`", files[0], files[1])
    );
    assert_eq!(origin("x", &places[..1]), "no credentials, since there is no `/nowhere/config.json`");
    let found = find_in(&reference("b.example:5000/x"), &places).unwrap();
    assert!(!format!("{found:?}").contains("p:2"));
}

#[test]
fn files_that_cannot_be_read_are_errors_without_their_contents() {
    let folder = tempfile::tempdir().unwrap();
    let error = |text: &str| {
        let place = write(&folder, "config.json", text);
        find_in(&reference("x"), &[place]).unwrap_err().to_string()
    };
    assert!(error("{").ends_with("config.json` is no file of credentials: no JSON at line 1, column 1"));
    let leaking = error(r#"{"auths": "hunter2"}"#);
    assert!(
        leaking.contains("something other than expected at line 1") && !leaking.contains("hunter2"),
        "{leaking}"
    );
    let missing = Place { path: PathBuf::from("/nowhere/auth.json"), required: true };
    let error = find_in(&reference("x"), &[missing]).unwrap_err();
    assert!(error.to_string().starts_with("cannot read `/nowhere/auth.json`"));
}

#[test]
fn a_helper_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for (text, what) in [
        (
            r#"{"credsStore": "slimcol-absent"}"#,
            "the credential helper `docker-credential-slimcol-absent` is not on the PATH, which `",
        ),
        (
            r#"{"credHelpers": {"a.example": "../x"}}"#,
            "the credential helper `docker-credential-../x` is not a program's name, which `",
        ),
    ] {
        let place = write(&folder, "config.json", text);
        let error = find_in(&reference("a.example/x"), &[place]).unwrap_err().to_string();
        assert!(error.starts_with(what), "{error}");
    }
}
