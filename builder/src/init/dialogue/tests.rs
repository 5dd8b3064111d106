use std::path::Path;

use super::*;
use crate::{resolve::Index, source::SourceTree};

fn catalogue() -> Catalogue {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    let source = SourceTree { root };
    let mut catalogue = Catalogue::of(&Index::load(&source).unwrap(), &source);
    for component in &mut catalogue.components {
        component.cost = Some(2048);
    }
    catalogue
}

/// What comes of these answers, and all that was shown.
fn answered(answers: &str) -> (Option<Distribution>, String) {
    let catalogue = catalogue();
    let proposal = Distribution { name: "proposed".to_owned(), choice: Choice::usual(&catalogue) };
    let mut shown = Vec::new();
    let outcome = ask(&mut answers.as_bytes(), &mut shown, &catalogue, proposal).unwrap();
    (outcome, String::from_utf8(shown).unwrap())
}

fn names(distribution: &Distribution) -> String {
    let catalogue = catalogue();
    let chosen = distribution.choice.of(&catalogue);
    let name = |component: &&Component| format!("{}/{}", component.declared.class, component.declared.name);
    chosen.iter().map(name).collect::<Vec<_>>().join(" ")
}

#[test]
fn enter_takes_what_is_proposed() {
    let (distribution, shown) = answered(&"\n".repeat(8));
    let distribution = distribution.unwrap();
    assert_eq!(distribution.name, "proposed");
    assert_eq!(
        names(&distribution),
        "receiver/otlp processor/batch processor/memory_limiter exporter/debug exporter/otlp_grpc \
         extension/health_check provider/env provider/file provider/yaml"
    );
    for text in [
        "What is it called? [proposed] ",
        "\nreceivers\n",
        " [x] otlp ",
        " [ ] nop ",
        " KiB\n",
        "Write it? [Y/n] ",
    ] {
        assert!(shown.contains(text), "{text} in {shown}");
    }
}

#[test]
fn numbers_and_names_switch() {
    // The name, then each class until an empty line.
    let (distribution, shown) = answered("mine\nnop 99\notpl\n\n\notlp, 1 otlp_grpc\n\nforward\n\n\n\n\ny\n");
    let distribution = distribution.unwrap();
    assert_eq!(distribution.name, "mine");
    let names = names(&distribution);
    assert!(names.starts_with("receiver/nop receiver/otlp processor/batch"), "{names}");
    // `otlp` is an older name of `otlp_grpc`, so that was switched twice; the first exporter is `debug`.
    assert!(names.contains("memory_limiter exporter/otlp_grpc connector/forward "), "{names}");
    assert!(shown.contains("There is no number 99.\n"), "{shown}");
    assert!(shown.contains("There is no `otpl`. Did you mean `otlp`?\n"), "{shown}");
}

#[test]
fn what_is_not_enough_is_said_and_asked_again() {
    let again = format!("\notlp\n\n{}otlp\n\n{}\n", "\n".repeat(5), "\n".repeat(6));
    let (distribution, shown) = answered(&again);
    assert!(shown.contains("\nThat is not enough: a collector needs a receiver.\n"), "{shown}");
    assert!(names(&distribution.unwrap()).starts_with("receiver/otlp "));
}

#[test]
fn no_and_nothing_write_nothing() {
    let (no, _) = answered(&format!("{}n\n", "\n".repeat(7)));
    assert!(no.is_none());
    for lines in 0..8 {
        assert!(answered(&"\n".repeat(lines)).0.is_none(), "{lines}");
    }
    let (named, shown) = answered("a b\n\n\n\n\n\n\n\n\n");
    assert!(shown.contains("A binary cannot be called that.\nWhat is it called? [a-b] "), "{shown}");
    assert_eq!(named.unwrap().name, "a-b");
    // A line without an end is read in pieces, and does not fill memory.
    assert!(answered(&"x".repeat(1 << 20)).0.is_none());
}
