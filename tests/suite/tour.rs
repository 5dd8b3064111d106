//! What documents show, tried as a new user would: on a machine that has Rust and a C compiler, and nothing else.

use std::{fs, time::Duration};

use crate::kit::{clean::Clean, distros::root, tour};

/// The documents with a tour.
const DOCUMENTS: [&str; 3] = ["README.md", "docs/standing-alone.md", "docs/from-config.md"];
const DEADLINE: Duration = Duration::from_mins(30);

#[test]
fn every_command_of_a_tour_does_what_the_document_says() {
    let Some(machine) = Clean::find() else { return };
    for document in DOCUMENTS {
        let text = fs::read_to_string(root().join(document)).unwrap();
        let steps = tour::read(&text).unwrap_or_else(|wrong| panic!("{document}, {wrong}"));
        assert!(!steps.is_empty(), "{document} has no tour");
        let ended = machine.bash(&tour::script(&steps), DEADLINE);
        tour::compare(&steps, &ended.stdout);
        assert_eq!(ended.code, Some(0), "{document}: {}\n{}", ended.stdout, ended.stderr);
    }
}
