use proptest::prelude::*;

use super::*;

fn splitter(mode: Mode, longest: usize) -> Splitter {
    Splitter { mode, longest, truncate: false, trim: Trim { leading: true, trailing: true } }
}

fn pattern(text: &str, omit: bool) -> Pattern {
    Pattern { regex: compile(&format!("(?m){text}"), Size::Config).unwrap(), omit }
}

/// The tokens of a text that comes in such pieces, with the rest if `flush`, each with where it began.
fn tokens(splitter: &Splitter, text: &[u8], pieces: &[usize], flush: bool) -> Vec<(usize, String)> {
    let (mut from, mut have, mut state, mut out) = (0, 0, State::default(), Vec::new());
    let mut pieces = pieces.iter();
    loop {
        have = (have + pieces.next().copied().unwrap_or(text.len())).min(text.len());
        let last = have == text.len();
        let mut spans = Vec::new();
        let part = &text[from..have];
        let mut next = splitter.split(part, &mut state, last, &mut spans);
        assert!(part.len() - next <= splitter.room());
        if last && flush {
            let mut rest = Vec::new();
            splitter.flush(&part[next..], &mut state, &mut rest);
            let shift = narrow(next);
            let moved = |s: Span| Span { at: s.at + shift, start: s.start + shift, end: s.end + shift };
            spans.extend(rest.into_iter().map(moved));
            next = part.len();
        }
        for span in spans {
            let body = &part[span.start as usize..span.end as usize];
            out.push((from + span.at as usize, String::from_utf8_lossy(body).into_owned()));
        }
        from += next;
        if last {
            return out;
        }
    }
}

#[track_caller]
fn check(splitter: &Splitter, text: &str, expected: &[(usize, &str)]) {
    let found = tokens(splitter, text.as_bytes(), &[], false);
    let found: Vec<_> = found.iter().map(|(at, text)| (*at, text.as_str())).collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn lines_end_with_a_newline() {
    let lines = splitter(Mode::Lines, 10);
    check(&lines, "", &[]);
    check(&lines, "a", &[]);
    check(&lines, "a\nb\r\n\n c \nd", &[(0, "a"), (2, "b"), (5, ""), (6, "c")]);
    let exact = Splitter { trim: Trim::default(), ..lines.clone() };
    check(&exact, " a \t\r\r\nb\r\n", &[(0, " a \t\r"), (7, "b")]);
    let left = Splitter { trim: Trim { leading: true, trailing: false }, ..lines.clone() };
    check(&left, " a \n", &[(0, "a ")]);
    // No other line ends, no other white space.
    check(&lines, "a\x0b\u{85}\n", &[(0, "a\x0b\u{85}")]);
}

#[test]
fn long_lines_are_cut() {
    let lines = splitter(Mode::Lines, 4);
    check(&lines, "abcd\n", &[(0, "abcd")]);
    check(&lines, "abcd\r\nx\n", &[(0, "abcd"), (6, "x")]);
    check(&lines, "abcdefghij\nk\n", &[(0, "abcd"), (4, "efgh"), (8, "ij"), (11, "k")]);
    check(&lines, "abcdefgh\nk\n", &[(0, "abcd"), (4, "efgh"), (9, "k")]);
    check(&lines, "abcdefghi", &[(0, "abcd"), (4, "efgh")]);
    let truncate = Splitter { truncate: true, ..lines };
    check(&truncate, "abcdefghij\nk\n", &[(0, "abcd"), (11, "k")]);
    check(&truncate, "abcdefghij", &[(0, "abcd")]);
    let found = tokens(&truncate, b"abcdefghi\njk", &[5, 3, 2], true);
    assert_eq!(found, [(0, "abcd".to_owned()), (10, "jk".to_owned())]);
}

#[test]
fn patterns_end_tokens() {
    let end = splitter(Mode::End(pattern(r"LOGEND \d{3}", false)), 100);
    check(&end, "log1 LOGEND 123log2 LOGEND 456", &[(0, "log1 LOGEND 123"), (15, "log2 LOGEND 456")]);
    check(&end, "nothing", &[]);
    let omit = splitter(Mode::End(pattern(r"LOGEND \d{3}", true)), 100);
    check(&omit, "log1 LOGEND 123log2 LOGEND 456x", &[(0, "log1"), (15, "log2")]);
    let cut = splitter(Mode::End(pattern(";", false)), 4);
    check(&cut, "abcdefg;hi;", &[(0, "abcd"), (4, "efg;"), (8, "hi;")]);
    let truncate = Splitter { truncate: true, ..cut };
    check(&truncate, "abcdefg;hi;", &[(0, "abcd"), (8, "hi;")]);
    // Such that match nothing get on all the same.
    check(&splitter(Mode::End(pattern("x*", false)), 100), "abxxc", &[(0, "a"), (1, "bxx"), (4, "c")]);
}

#[test]
fn patterns_start_tokens() {
    let start = splitter(Mode::Start(pattern(r"LOGSTART \d+ ", false)), 100);
    check(&start, "LOGSTART 1 a\nb LOGSTART 2 c", &[(0, "LOGSTART 1 a\nb")]);
    check(&start, "before LOGSTART 1 a LOGSTART 2 ", &[(0, "before"), (7, "LOGSTART 1 a")]);
    let omit = splitter(Mode::Start(pattern(r"LOGSTART \d+ ", true)), 100);
    check(&omit, "LOGSTART 1 aLOGSTART 2 b", &[(0, "a")]);
    // What stands before counts: no line starts within `2024`.
    let line = splitter(Mode::Start(pattern(r"^\d", false)), 100);
    check(&line, "2024 a\n b\n2025 c\n", &[(0, "2024 a\n b")]);
    let flushed = tokens(&line, b"2024 a\n b\n2025 c\n", &[], true);
    assert_eq!(flushed[1], (10, "2025 c".to_owned()));
    let cut = splitter(Mode::Start(pattern("^x", false)), 4);
    check(&cut, "xabcdef\nxgh\nx", &[(0, "xabc"), (4, "def"), (8, "xgh")]);
    let truncate = Splitter { truncate: true, ..cut };
    check(&truncate, "xabcdef\nxgh\nx", &[(0, "xabc"), (8, "xgh")]);
}

#[test]
fn everything_is_taken_as_it_is() {
    let all = Splitter { trim: Trim::default(), ..splitter(Mode::All, 4) };
    check(&all, "ab\ncd \n", &[(0, "ab\nc"), (4, "d \n")]);
}

#[test]
fn a_rest_is_cut_when_it_is_flushed() {
    let start = splitter(Mode::Start(pattern("^x", false)), 4);
    assert_eq!(tokens(&start, b"xabcdef", &[], true), [(0, "xabc".to_owned()), (4, "def".to_owned())]);
    let truncate = Splitter { truncate: true, ..start };
    assert_eq!(tokens(&truncate, b"xabcdef", &[], true), [(0, "xabc".to_owned())]);
}

proptest! {
    #[test]
    fn pieces_do_not_matter(
        text in "[ab;x1\r\n]{0,60}",
        pieces in prop::collection::vec(1_usize..9, 0..40),
        longest in 1_usize..12,
        truncate: bool,
        flush: bool,
    ) {
        let modes = [
            Mode::Lines,
            Mode::End(pattern("[;b]x", false)),
            Mode::End(pattern(";1", true)),
            Mode::Start(pattern("^x", false)),
            Mode::Start(pattern("b;", true)),
            Mode::All,
        ];
        for mode in modes {
            let splitter = Splitter { truncate, ..splitter(mode, longest) };
            let whole = tokens(&splitter, text.as_bytes(), &[], flush);
            let parts = tokens(&splitter, text.as_bytes(), &pieces, flush);
            prop_assert_eq!(&whole, &parts, "{:?}", &splitter.mode);
        }
    }

    #[test]
    fn nothing_is_lost(text in "[abc ;\n]{0,80}", longest in 1_usize..12) {
        let exact = |mode| Splitter { trim: Trim::default(), ..splitter(mode, longest) };
        for mode in [Mode::End(pattern("b;", false)), Mode::Start(pattern("^a", false)), Mode::All] {
            let all: String = tokens(&exact(mode), text.as_bytes(), &[], true).into_iter().map(|t| t.1).collect();
            prop_assert_eq!(&all, &text);
        }
        let lines: String = tokens(&exact(Mode::Lines), text.as_bytes(), &[], true).into_iter().map(|t| t.1).collect();
        prop_assert_eq!(lines, text.replace('\n', ""));
    }
}
