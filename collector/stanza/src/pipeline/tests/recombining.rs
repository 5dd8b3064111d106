use super::*;

/// What comes of lines, and then, behind a bar, what is let go at the end. A line is `source:text`, read at its position.
fn combined(keys: &str, lines: &[&str]) -> String {
    let operator =
        format!("{{type: recombine, combine_field: body, source_identifier: attributes.s, {keys}}}");
    let pipeline = match built(&operator, &Log::none()) {
        Ok(pipeline) => pipeline,
        Err(error) => return format!("refused: {error}"),
    };
    let entry = |(at, line): (i64, &&str)| {
        let (source, text) = line.split_once(':').unwrap();
        let source = (Text::from_static("s"), Value::Text(source.into()));
        let n = (Text::from_static("n"), Value::Int(at));
        let attributes = Map::from_pairs(vec![source, n]);
        Entry {
            body: Value::Text(text.into()),
            attributes: attributes.into(),
            observed: at * 1_000_000_000,
            ..Entry::default()
        }
    };
    let shown = |done: Processed| {
        let show = |entry: &Entry| {
            let of = |name| entry.attributes.get(name).unwrap().to_string();
            format!("{}{}:{}", of("s"), of("n"), entry.body)
        };
        done.entries.iter().map(show).collect::<Vec<_>>().join(" ").replace('\n', "/")
    };
    let now = shown(pipeline.process((0..).zip(lines).map(entry).collect()));
    format!("{now} | {}", shown(pipeline.finish()))
}

#[test]
fn batches_end_as_in_the_table() {
    let first = "is_first_entry: 'body startsWith \"F\"'";
    let last = "is_last_entry: 'body endsWith \"L\"'";
    let case = |keys: &str, rest: &str| format!("{keys}{rest}");
    for (keys, lines, expected) in [
        (case(first, ""), vec!["a:F1", "a:x", "a:F2", "a:y"], "a0:F1/x | a2:F2/y"),
        (case(first, ""), vec!["a:x", "a:F1"], "a0:x | a1:F1"),
        (case(first, ""), vec!["a:F1", "b:F2", "a:x", "b:y", "a:F3"], "a0:F1/x | b1:F2/y a4:F3"),
        (case(last, ""), vec!["a:x", "a:L", "a:L", "a:y"], "a0:x/L a2:L | a3:y"),
        (case(last, ", overwrite_with: newest"), vec!["a:x", "a:L"], "a1:x/L | "),
        (case(last, ", combine_with: ''"), vec!["a:x", "a:L"], "a0:xL | "),
        // A text that is empty so far gets no separator.
        (case(last, ""), vec!["a:", "a:", "a:x", "a:", "a:L"], "a0:x//L | "),
        (case(first, ", max_batch_size: 2"), vec!["a:F", "a:x", "a:y"], "a0:F/x | a2:y"),
        (
            case(first, ", max_unmatched_batch_size: 2"),
            vec!["a:w", "a:x", "a:F", "a:y", "a:z"],
            "a0:w/x | a2:F/y/z",
        ),
        (case(first, ", max_unmatched_batch_size: 1"), vec!["a:w", "a:x"], "a0:w a1:x | "),
        (case(first, ", max_unmatched_batch_size: 0"), vec!["a:w", "a:x"], " | a0:w/x"),
        (case(first, ", max_log_size: 3"), vec!["a:Fo", "a:x", "a:y"], "a0:Fo/x | a2:y"),
        (case(first, ", max_sources: 1"), vec!["a:F1", "b:F2"], "a0:F1 | b1:F2"),
        (case(first, ", if: 'body != \"p\"'"), vec!["a:F1", "a:p", "a:x"], "a1:p | a0:F1/x"),
        (
            case(first, ", is_last_entry: 'true'"),
            vec![],
            "refused: 'operators[0]' only one of is_first_entry and is_last_entry can be set",
        ),
        (
            String::new(),
            vec![],
            "refused: 'operators[0]' one of is_first_entry and is_last_entry must be set",
        ),
        (
            case(first, ", overwrite_with: x"),
            vec![],
            "refused: 'operators[0]' invalid value 'x' for parameter 'overwrite_with'",
        ),
        (
            "is_first_entry: 'body =='".into(),
            vec![],
            "refused: 'operators[0]' failed to compile is_first_entry: unexpected token EOF (1:7)\n | body ==\n | ......^",
        ),
    ] {
        assert_eq!(combined(&keys, &lines), expected, "{keys} {lines:?}");
    }
    let operator = "{type: recombine, is_first_entry: 'true'}";
    let error = "'operators[0]' missing required argument 'combine_field'";
    assert_eq!(built(operator, &Log::none()).unwrap_err(), error);
}

#[test]
fn what_waits_too_long_is_let_go() {
    let operator = "{type: recombine, combine_field: body, is_last_entry: 'body == \"end\"', force_flush_period: 10s}, \
                    {type: add, field: attributes.after, value: 1}";
    let pipeline = built(operator, &Log::none()).unwrap();
    assert_eq!(pipeline.period(), Some(Duration::from_secs(2)));
    let entry = |body: &'static str, observed| Entry { body: body.into(), observed, ..Entry::default() };
    let second = 1_000_000_000;
    assert!(pipeline.process(vec![entry("a", second), entry("b", 3 * second)]).entries.is_empty());
    assert!(pipeline.flush(10 * second).entries.is_empty());
    let entries = pipeline.flush(11 * second).entries;
    assert_eq!(shown(&entries[0]), "{\"body\":\"a\\nb\",\"attributes\":{\"after\":1}}");
    assert!(pipeline.finish().entries.is_empty());
}

#[test]
fn what_is_no_text_is_reported_and_lost() {
    let operator = "{type: recombine, combine_field: body, is_last_entry: 'body == 2'}";
    let (log, lines) = Log::capture();
    let done = built(operator, &log).unwrap().process(vec![entry("{\"body\":\"a\"}"), entry("{\"body\":2}")]);
    assert_eq!(done.entries.iter().map(shown).collect::<Vec<_>>(), ["{\"body\":\"a\"}"]);
    let lines = lines.lock().unwrap().join("\n");
    assert!(lines.contains("error\tentry does not contain the combine_field"), "{lines}");
    assert!(lines.contains("warn\tentry does not contain the source_identifier"), "{lines}");
}
