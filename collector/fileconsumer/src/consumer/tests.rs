//! Whole polls over real files. Time is what a test says.

mod compressed;
mod kept;
mod kit;
mod rotation;

use std::{fs, os::unix::fs::PermissionsExt};

use slimcol_service::{Context, Log, Signals, meter::Value};

use self::kit::{Rig, write};

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn lines_are_read_as_they_come() {
    let mut rig = Rig::new("start_at: beginning").await;
    assert_eq!(rig.poll().await, NOTHING);
    write(&rig.path("a.log"), "one\ntwo\n\n thr");
    assert_eq!(rig.poll().await, ["a.log:one", "a.log:two"]);
    assert_eq!(rig.poll().await, NOTHING);
    write(&rig.path("a.log"), "ee\r\nfour\n");
    assert_eq!(rig.poll().await, ["a.log:three", "a.log:four"]);
    assert_eq!(*rig.sink.places.lock().unwrap(), [(0, 1), (4, 2), (9, 4), (17, 5)]);
    let log = rig.log();
    assert!(
        log[0].starts_with("warn\tfinding files\t{\"error\": \"no files match the configured criteria\"}"),
        "{log:?}"
    );
    assert!(log[1].starts_with("info\tStarted watching file\t{\"path\": \"HERE/a.log\"}"), "{log:?}");
}

#[tokio::test]
async fn files_that_nothing_happens_to_are_left_alone() {
    let mut rig = Rig::new("start_at: beginning, fingerprint_size: 16, include_file_permissions: true").await;
    write(&rig.path("a.log"), "0123456789 abcdef\n");
    write(&rig.path("b.log"), "b\n");
    assert_eq!(rig.poll().await.len(), 2);
    // From here on a change of the files is told by the time that they bear.
    rig.wait(3000);
    for _ in 0..3 {
        assert_eq!(rig.poll().await, NOTHING);
    }
    write(&rig.path("b.log"), "c\n");
    assert_eq!(rig.poll().await, ["b.log:c"]);
    assert_eq!(rig.poll().await, NOTHING);
    // The same length, the same beginning, another file.
    fs::rename(rig.path("a.log"), rig.path("a.1.log")).unwrap();
    write(&rig.path("a.log"), "0123456789 ABCDEF\n");
    assert_eq!(rig.poll().await, ["a.log:0123456789 ABCDEF"]);
    fs::set_permissions(rig.path("b.log"), fs::Permissions::from_mode(0o600)).unwrap();
    rig.poll().await;
    write(&rig.path("b.log"), "d\n");
    assert_eq!(rig.poll().await, ["b.log:d"]);
    assert_eq!(rig.sink.attributes.lock().unwrap()["log.file.permissions"], "600");
    fs::remove_file(rig.path("b.log")).unwrap();
    rig.wait(3000);
    assert_eq!(rig.poll().await, NOTHING);
    write(&rig.path("b.log"), "b\nc\nd\ne\n");
    assert_eq!(rig.poll().await, ["b.log:e"]);
}

#[tokio::test]
async fn files_that_become_alike_are_not_read_again() {
    let mut rig = Rig::new("start_at: beginning").await;
    write(&rig.path("a.log"), "1\n");
    write(&rig.path("b.log"), "1\n2\n");
    assert_eq!(rig.poll().await.len(), 3);
    // Now both have the same, which is one file, of which all was read; in Go too.
    write(&rig.path("a.log"), "2\n");
    rig.wait(3000);
    for _ in 0..6 {
        assert_eq!(rig.poll().await, NOTHING);
    }
    fs::remove_file(rig.path("b.log")).unwrap();
    write(&rig.path("a.log"), "3\n");
    assert_eq!(rig.poll().await, ["a.log:3"]);
}

#[tokio::test]
async fn files_are_counted() {
    let cx = Context::standalone("file_log", Signals::ALL, Log::none());
    let mut rig = Rig::new("start_at: beginning").await;
    rig.consumer.show(&cx.meter());
    let shown = |name: &str| {
        let all = cx.meters().snapshot();
        all.into_iter().find(|metric| metric.name == name).map(|metric| metric.points[0].value.clone())
    };
    write(&rig.path("a.log"), "a\n");
    write(&rig.path("b.log"), "b\n");
    assert_eq!(rig.poll().await.len(), 2);
    assert_eq!(shown("otelcol_fileconsumer_open_files"), Some(Value::Number(2.0)));
    assert_eq!(shown("otelcol_fileconsumer_reading_files"), Some(Value::Number(0.0)));
    drop(rig);
    assert_eq!(shown("otelcol_fileconsumer_open_files"), None);
}

#[tokio::test]
async fn polls_can_move_between_threads() {
    fn can_move<T: Send>(polling: T) -> T {
        polling
    }
    let mut rig = Rig::new("start_at: beginning").await;
    write(&rig.path("a.log"), "one\n");
    can_move(rig.consumer.poll(&rig.sink)).await;
    assert_eq!(rig.poll().await, ["a.log:one"]);
}

#[tokio::test]
async fn a_start_at_the_end_is_for_the_first_poll() {
    let mut rig = Rig::new("start_at: end").await;
    write(&rig.path("a.log"), "old\n");
    assert_eq!(rig.poll().await, NOTHING);
    write(&rig.path("a.log"), "new\n");
    write(&rig.path("b.log"), "all\n");
    assert_eq!(rig.poll().await, ["a.log:new", "b.log:all"]);
}

#[tokio::test]
async fn a_rest_is_waited_for() {
    let mut rig = Rig::new("start_at: beginning, force_flush_period: 500ms").await;
    write(&rig.path("a.log"), "one\nre");
    assert_eq!(rig.poll().await, ["a.log:one"]);
    rig.wait(500);
    assert_eq!(rig.poll().await, NOTHING);
    // It grows, and is waited for again.
    write(&rig.path("a.log"), "s");
    assert_eq!(rig.poll().await, NOTHING);
    rig.wait(500);
    assert_eq!(rig.poll().await, NOTHING);
    rig.wait(1);
    assert_eq!(rig.poll().await, ["a.log:res"]);
    write(&rig.path("a.log"), "t\n");
    assert_eq!(rig.poll().await, ["a.log:t"]);
    let mut never = Rig::new("start_at: beginning, force_flush_period: 0").await;
    write(&never.path("a.log"), "rest");
    for _ in 0..3 {
        assert_eq!(never.poll().await, NOTHING);
        never.wait(1_000_000);
    }
}

#[tokio::test]
async fn half_a_character_is_waited_for_as_a_rest_is() {
    for (bytes, expected) in
        [(&b"a\0\n\0b"[..], "a.log:\u{fffd}"), (b"a\0\n\0c\0\x3d\xd8\0", "a.log:c\u{fffd}\u{fffd}")]
    {
        let mut rig = Rig::new("start_at: beginning, encoding: utf-16le, force_flush_period: 500ms").await;
        write(&rig.path("a.log"), bytes);
        assert_eq!(rig.poll().await, ["a.log:a"]);
        assert_eq!(rig.poll().await, NOTHING);
        rig.wait(501);
        assert_eq!(rig.poll().await, [expected]);
        rig.wait(501);
        assert_eq!(rig.poll().await, NOTHING);
        let mut rig = rig.restarted().await;
        write(&rig.path("a.log"), b"d\0\n\0");
        assert_eq!(rig.poll().await, ["a.log:d"]);
    }
    let mut rig = Rig::new("start_at: beginning, encoding: utf-16le, delete_after_read: true").await;
    write(&rig.path("a.log"), b"a\0\n\0b");
    assert_eq!(rig.poll().await, ["a.log:a"]);
    assert!(rig.path("a.log").exists());
    rig.wait(501);
    assert_eq!(rig.poll().await, ["a.log:\u{fffd}"]);
    assert!(!rig.path("a.log").exists());
}

#[tokio::test]
async fn long_lines_do_not_need_memory_for_more_than_one_token() {
    let mut rig = Rig::new("start_at: beginning, max_log_size: 1mib").await;
    let long = "x".repeat(5 << 20);
    write(&rig.path("a.log"), format!("{long}\nshort\n"));
    let lens: Vec<_> = rig.poll().await.iter().map(|token| token.len() - "a.log:".len()).collect();
    assert_eq!(lens, [1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 5]);
    let mut rig = Rig::new(
        "start_at: beginning, max_log_size: 10b, max_log_size_behavior: truncate"
            .replace("10b", "10")
            .as_str(),
    )
    .await;
    write(&rig.path("a.log"), "0123456789abc");
    assert_eq!(rig.poll().await, ["a.log:0123456789"]);
    write(&rig.path("a.log"), "def\nghi\n");
    assert_eq!(rig.poll().await, ["a.log:ghi"]);
}

#[tokio::test]
async fn files_are_told_apart_by_their_beginning() {
    let mut rig = Rig::new("start_at: beginning").await;
    write(&rig.path("a.log"), "same\n");
    write(&rig.path("b.log"), "same\n");
    write(&rig.path("c.log"), "");
    assert_eq!(rig.poll().await, ["a.log:same"]);
    write(&rig.path("b.log"), "other\n");
    write(&rig.path("c.log"), "c\n");
    // The first of both is what it was.
    assert_eq!(rig.poll().await, ["b.log:same", "b.log:other", "c.log:c"]);
}

#[tokio::test]
async fn encodings_are_decoded() {
    type Case<'a> = (&'a str, &'a [u8], &'a [&'a str], &'a [(u64, u64)]);
    let cases: [Case<'_>; 9] = [
        ("utf-8", b"a\xffb\nc\n", &["a.log:a\u{fffd}b", "a.log:c"], &[(0, 1), (4, 2)]),
        ("latin1", b"\xe9\na\n", &["a.log:é", "a.log:a"], &[(0, 1), (2, 2)]),
        ("utf-16", b"\xe9\0\n\0 \0a\0\n\0b", &["a.log:é", "a.log:a"], &[(0, 1), (4, 2)]),
        ("utf-16be", b"\xd8\x3d\xde\x00\0\n\0a\0\n", &["a.log:😀", "a.log:a"], &[(0, 1), (6, 2)]),
        ("koi8-u", b"\xa7\xd6\xc1\xcb\na\n", &["a.log:їжак", "a.log:a"], &[(0, 1), (5, 2)]),
        ("shift_jis", b"\x93\xfa\xb1\n\x96{\na\x93", &["a.log:日ｱ", "a.log:本"], &[(0, 1), (4, 2)]),
        ("big5", b"\x88\x62\xc1\nb\n", &["a.log:\u{ca}\u{304}\u{fffd}", "a.log:b"], &[(0, 1), (4, 2)]),
        ("nop", b" a\nb ", &["a.log: a\nb "], &[(0, 1)]),
        (
            "utf-8, max_log_size: 2",
            "aé\n".as_bytes(),
            &["a.log:a\u{fffd}", "a.log:\u{fffd}"],
            &[(0, 1), (2, 2)],
        ),
    ];
    for (encoding, bytes, expected, places) in cases {
        let mut rig = Rig::new(&format!("start_at: beginning, encoding: {encoding}")).await;
        write(&rig.path("a.log"), bytes);
        assert_eq!(rig.poll().await, expected, "{encoding}");
        assert_eq!(*rig.sink.places.lock().unwrap(), places, "{encoding}");
    }
}

/// What characters took in the file is not in the text, so that it must be kept for what has no end yet.
#[tokio::test]
async fn east_asian_files_are_read_on_where_they_were_left() {
    for (encoding, line) in [
        ("shift_jis", &b"\x93\xfa\x96{\xb1!"[..]),
        ("euc-jp", b"\xc6\xfc\xcb\xdc\x8e\xb1!"),
        ("gb18030", b"\xc8\xd5\xb1\xbe\x841\xb65!"),
    ] {
        let mut rig = Rig::new(&format!("start_at: beginning, encoding: {encoding}")).await;
        let mut written = 0;
        let mut seen = Vec::new();
        let whole: Vec<u8> = (0..50).flat_map(|_| [line, b"\n"].concat()).collect();
        // Pieces end within characters, lines and neither.
        for piece in whole.chunks(7) {
            write(&rig.path("a.log"), piece);
            written += piece.len();
            seen.extend(rig.poll().await);
            if written % 5 == 0 {
                rig = rig.restarted().await;
            }
        }
        assert_eq!(seen, vec![seen[0].clone(); 50], "{encoding}");
        assert!(seen[0].starts_with("a.log:日本") && seen[0].ends_with('!'), "{}", seen[0]);
    }
}

#[tokio::test]
async fn patterns_split_files() {
    let mut rig = Rig::new("start_at: beginning, multiline: {line_start_pattern: '^\\d'}").await;
    write(&rig.path("a.log"), "1 a\n  b\n2 c\n");
    assert_eq!(rig.poll().await, ["a.log:1 a\n  b"]);
    rig.wait(501);
    assert_eq!(rig.poll().await, ["a.log:2 c"]);
}

#[tokio::test]
async fn headers_say_something_of_their_file() {
    let mut rig = Rig::new("start_at: beginning, header: {pattern: '^#'}").await;
    write(&rig.path("a.log"), "#k=v\n#bad\n");
    assert_eq!(rig.poll().await, NOTHING);
    write(&rig.path("a.log"), "#l=w\none\n#not=header\n");
    assert_eq!(rig.poll().await, ["a.log:one", "a.log:#not=header"]);
    let expected = serde_json::json!({"k": "v", "l": "w", "log.file.name": "a.log"});
    assert_eq!(serde_json::json!(*rig.sink.attributes.lock().unwrap()), expected);
    assert_eq!(rig.sink.places.lock().unwrap()[0], (15, 1));
    assert!(
        rig.log().iter().any(|line| line.contains("failed to process header token\t{\"error\": \"no pair\""))
    );
    let mut rig = rig.restarted().await;
    write(&rig.path("a.log"), "two\n");
    assert_eq!(rig.poll().await, ["a.log:two"]);
    assert_eq!(serde_json::json!(*rig.sink.attributes.lock().unwrap()), expected);
}

#[tokio::test]
async fn files_are_deleted_once_they_were_read() {
    let mut rig = Rig::new("start_at: beginning, delete_after_read: true").await;
    write(&rig.path("a.log"), "one\n");
    write(&rig.path("b.log"), "two\nrest");
    assert_eq!(rig.poll().await, ["a.log:one", "b.log:two"]);
    assert!(!rig.path("a.log").exists() && rig.path("b.log").exists());
    assert_eq!(rig.poll().await, NOTHING);
    rig.wait(501);
    assert_eq!(rig.poll().await, ["b.log:rest"]);
    assert!(!rig.path("b.log").exists());
}

#[tokio::test]
async fn batches_limit_a_poll() {
    let mut rig = Rig::new("start_at: beginning, max_concurrent_files: 2, max_batches: 2").await;
    for name in ["a.log", "b.log", "c.log"] {
        write(&rig.path(name), format!("{name}\n"));
    }
    assert_eq!(rig.poll().await, ["a.log:a.log", "b.log:b.log"]);
    let mut all = Rig::new("start_at: beginning, max_concurrent_files: 2").await;
    for name in ["a.log", "b.log", "c.log"] {
        write(&all.path(name), format!("{name}\n"));
    }
    assert_eq!(all.poll().await.len(), 3);
    write(&all.path("a.log"), "more\n");
    assert_eq!(all.poll().await, ["a.log:more"]);
}

#[tokio::test]
async fn what_is_refused_counts_as_read() {
    let mut rig = Rig::new("start_at: beginning").await;
    *rig.sink.fail.lock().unwrap() = Some("no room".to_owned());
    write(&rig.path("a.log"), "one\n");
    assert_eq!(rig.poll().await, ["a.log:one"]);
    *rig.sink.fail.lock().unwrap() = None;
    assert_eq!(rig.poll().await, NOTHING);
    let expected = "error\tfailed to emit token\t{\"error\": \"no room\", \"path\": \"HERE/a.log\"}";
    assert!(rig.log().contains(&expected.to_owned()));
}

#[tokio::test]
async fn locked_files_wait() {
    let mut rig = Rig::new("start_at: beginning, acquire_fs_lock: true").await;
    write(&rig.path("a.log"), "one\n");
    let holder = fs::File::open(rig.path("a.log")).unwrap();
    holder.lock().unwrap();
    assert_eq!(rig.poll().await, NOTHING);
    holder.unlock().unwrap();
    assert_eq!(rig.poll().await, ["a.log:one"]);
}

#[tokio::test]
async fn a_file_without_permission_is_complained_of_once() {
    let mut rig = Rig::new("start_at: beginning").await;
    let path = rig.path("a.log");
    write(&path, "one\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&path).is_ok() {
        // Root may read it all the same.
        assert_eq!(rig.poll().await, ["a.log:one"]);
        return;
    }
    rig.log();
    assert_eq!(rig.poll().await, NOTHING);
    assert_eq!(rig.poll().await, NOTHING);
    assert_eq!(
        rig.log(),
        ["error\tFailed to open file\t{\"error\": \"open HERE/a.log: permission denied\"}"]
    );
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(rig.poll().await, ["a.log:one"]);
    assert!(rig.log()[0].starts_with("info\tPreviously unreadable file is now readable"));
}
