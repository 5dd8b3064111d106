//! Tours are read, compared, and fail where they should.

use std::{panic::catch_unwind, process::Command, time::Duration};

use super::*;
use crate::kit::command::run;

#[test]
fn marks_are_read_and_none_may_be_missing() {
    let document = "```\nbefore\n```\n<!-- tour -->\n<!-- tour: do cd /tmp -->\n<!-- tour: file a b.yaml -->\n\n```yaml\nx: 1\n```\n\
                    text\n<!-- tour: run until Ready. -->\n```sh\none\ntwo\n```\n<!-- tour: not run: it needs a moon -->\n```\n\
                    launch\n```\n<!-- tour: prints ls -->\n```\na\n```\n<!-- tour: prints -->\n```\n$ pwd\n/\n```\n<!-- /tour -->\n```\nafter\n```\n";
    let text = |text: &str| text.to_owned();
    assert_eq!(
        read(document).unwrap(),
        [
            Step::Run(text("cd /tmp\n")),
            Step::File(text("a b.yaml"), text("x: 1\n")),
            Step::Until(text("one\ntwo\n"), text("Ready.")),
            Step::Prints(text("ls"), text("a\n")),
            Step::Prints(text("pwd"), text("/\n")),
        ]
    );
    for (document, wrong) in [
        ("<!-- tour -->\n```\nx\n```\n<!-- /tour -->", "line 2: a block of the tour without a mark"),
        ("<!-- tour -->\n<!-- tour: walk -->\n```\nx\n```\n", "line 3: `walk` is no mark"),
        ("<!-- tour -->\n<!-- tour: not run: -->\n```\nx\n```\n", "line 3: `not run:` is no mark"),
        (
            "<!-- tour -->\n<!-- tour: run -->\n<!-- tour: run -->\n",
            "line 3: the mark before this one has no block",
        ),
        (
            "<!-- tour -->\n<!-- tour: prints -->\n```\nx\n```\n",
            "line 3: the block does not begin with `$ ` and a command",
        ),
        ("<!-- tour -->\n", "the tour does not end"),
    ] {
        assert_eq!(read(document).unwrap_err(), wrong);
    }
}

#[test]
fn an_ellipsis_stands_for_anything() {
    for (pattern, text, same) in [
        ("a\nb\n", "a\nb\n", true),
        ("a\n", "a\nb\n", false),
        ("a … b\n", "a 1.5 s b\n", true),
        ("a … b\n", "a 1.5 s c\n", false),
        ("…é…\n", "xéy\n", true),
        ("a\n…\nz\n", "a\nz\n", true),
        ("a\n…\nz\n", "a\nb\nc\nz\n", true),
        ("a\n…\nz\n", "a\nb\nc\n", false),
    ] {
        assert_eq!(matches(pattern, text), same, "{pattern:?} {text:?}");
    }
}

#[test]
fn a_tour_that_is_not_as_written_fails() {
    let folder = tempfile::tempdir().unwrap();
    let tried = |steps: &[Step]| {
        let mut bash = Command::new("bash");
        let ended = run(bash.args(["-c", &script(steps)]).current_dir(&folder), Duration::from_secs(20));
        catch_unwind(|| compare(steps, &ended.stdout)).is_ok() && ended.code == Some(0)
    };
    let text = |text: &str| text.to_owned();
    let file = || Step::File(text("a b"), text("it's $1\n"));
    let prints = |text: &str| Step::Prints("cat 'a b' none".to_owned(), text.to_owned());
    let said = "it's $1\ncat: none: …\n";
    assert!(tried(&[file(), Step::Run(text("x=1\n")), prints(said), Step::Run(text("test $x = 1\n"))]));
    assert!(!tried(&[file(), prints("it's $2\ncat: none: …\n")]));
    assert!(!tried(&[file(), Step::Run(text("false\ntrue\n")), prints(said)]));
    assert!(!tried(&[file(), Step::Run(text("exit 3\n"))]));
}
