use slimcol_config::from_yaml;

use super::*;

fn config(yaml: &str) -> Config {
    from_yaml(yaml).unwrap_or_else(|error| panic!("{yaml}: {error}"))
}

#[test]
fn defaults_are_gos() {
    let config = config("{include: [a]}");
    assert_eq!(config.problem(), None);
    assert_eq!(config.poll_interval, Duration::millis(200));
    assert_eq!(config.force_flush_period, Duration::millis(500));
    assert_eq!((config.max_concurrent_files, config.max_batches, config.polls_to_archive), (1024, 0, 0));
    assert_eq!((config.start_at.as_str(), config.on_truncate.as_str()), ("end", "ignore"));
    assert_eq!((config.encoding.as_str(), config.compression.as_str()), ("utf-8", ""));
    let sizes = (config.fingerprint_size.0, config.initial_buffer_size.0, config.max_log_size.0);
    assert_eq!(sizes, (1000, 16384, 1_048_576));
    assert_eq!(config.include_file, Included { name: true, ..Included::default() });
}

#[test]
fn of_unknown_compressions_a_line_says_so() {
    for (word, lines) in [("gzip", 0), ("auto", 0), ("''", 0), ("lz4", 1)] {
        let node = slimcol_config::parse("f", &format!("{{include: [a], compression: {word}}}")).unwrap();
        let mut section = Section::new(Some(&node), "");
        Config::read(&mut section);
        let findings = section.finish();
        assert_eq!((findings.issues.len(), findings.warnings.len()), (0, lines), "{word}");
    }
}

#[test]
fn what_is_wrong_is_said_in_gos_words() {
    let cases = [
        ("{}", "'include' must be specified"),
        ("{include: ['[a']}", "include: parse glob: syntax error in pattern"),
        ("{include: [a], exclude: ['{b']}", "exclude: parse glob: syntax error in pattern"),
        ("{include: [a], fingerprint_size: 15}", "'fingerprint_size' must be at least 16 bytes"),
        ("{include: [a], poll_interval: 0s}", "'poll_interval' must be positive"),
        ("{include: [a], poll_interval: -5s}", "'poll_interval' must be positive"),
        ("{include: [a], max_log_size: 0}", "'max_log_size' must be positive"),
        ("{include: [a], max_concurrent_files: 0}", "'max_concurrent_files' must be positive"),
        ("{include: [a], max_batches: -1}", "'max_batches' must not be negative"),
        (
            "{include: [a], max_log_size_behavior: x}",
            "invalid max_log_size_behavior 'x': must be 'split' or 'truncate'",
        ),
        (
            "{include: [a], on_truncate: x}",
            "invalid on_truncate 'x': must be 'ignore', 'read_whole_file' or 'read_new'",
        ),
        ("{include: [a], start_at: x}", "invalid start_at location 'x'"),
        (
            "{include: [a], delete_after_read: true}",
            "'delete_after_read' cannot be used with 'start_at: end'",
        ),
        ("{include: [a], header: {pattern: x}}", "'header' cannot be specified with 'start_at: end'"),
        (
            "{include: [a], encoding: windows1252}",
            "unsupported encoding 'windows1252': did you mean `windows-1252`?",
        ),
        (
            "{include: [a], multiline: {line_start_pattern: a, line_end_pattern: b}}",
            "only one of line_start_pattern or line_end_pattern can be set",
        ),
        (
            "{include: [a], encoding: nop, multiline: {line_end_pattern: b}}",
            "line_end_pattern should not be set when using nop encoding",
        ),
        (
            "{include: [a], encoding: nop, multiline: {line_start_pattern: b}}",
            "line_start_pattern should not be set when using nop encoding",
        ),
        (
            "{include: [a], multiline: {line_start_pattern: (}}",
            "compile line start regex: error parsing regexp: missing closing ): `(?m)(`",
        ),
        (
            "{include: [a], ordering_criteria: {sort_by: [{sort_type: numeric, regex_key: a}]}}",
            "'regex' must be specified when 'sort_by' is specified",
        ),
        (
            "{include: [a], ordering_criteria: {regex: a, sort_by: [{regex_key: a}]}}",
            "'sort_type' must be specified",
        ),
        (
            "{include: [a], ordering_criteria: {regex: a, top_n: -1, sort_by: [{sort_type: numeric}]}}",
            "'top_n' must be a positive integer",
        ),
        (
            "{include: [a], ordering_criteria: {regex: a, sort_by: [{sort_type: numeric}]}}",
            "numeric sort: regex key must be specified",
        ),
        (
            "{include: [a], ordering_criteria: {regex: a, sort_by: [{sort_type: timestamp, regex_key: a}]}}",
            "timestamp sort: layout must be specified",
        ),
        (
            "{include: [a], ordering_criteria: {regex: a, sort_by: [{sort_type: timestamp, layout: '%Y', location: X/Y}]}}",
            "timestamp sort: load location X/Y: unknown time zone X/Y",
        ),
        (
            "{include: [a], ordering_criteria: {regex: a, sort_by: [{sort_type: size}]}}",
            "'sort_type' must be numeric, alphabetical or timestamp, not 'size'",
        ),
    ];
    for (yaml, expected) in cases {
        let problem = config(yaml).problem().map(|(_, message)| message);
        assert_eq!(problem.as_deref(), Some(expected), "{yaml}");
    }
}

#[test]
fn sizes_have_units() {
    let cases = [
        ("1", 1),
        ("3.3", 3),
        ("'10'", 10),
        ("1kb", 1000),
        ("1 kib", 1024),
        ("1KiB", 1024),
        ("1.5mib", 1_572_864),
        ("2MB", 2_000_000),
        ("1gib", 1 << 30),
        ("1TB", 1_000_000_000_000),
        ("1pib", 1 << 50),
        // 32 bits of precision, then cut.
        ("0.01kb", 9),
    ];
    for (text, expected) in cases {
        assert_eq!(config(&format!("{{max_log_size: {text}}}")).max_log_size.0, expected, "{text}");
    }
    for text in ["k", "1x", "1.2.3kb", "'1 '", "-1kb", "1bb", "kib"] {
        let error = from_yaml::<Config>(&format!("{{max_log_size: {text}}}")).unwrap_err();
        assert!(error.contains("invalid byte size"), "{text}: {error}");
    }
    let error = from_yaml::<Config>("{max_log_size: true}").unwrap_err();
    assert!(error.contains("expected type"), "{error}");
}
