use std::{fs, os::unix::fs::symlink, path::Path};

use super::*;

#[test]
fn paths_match_as_in_doublestar() {
    let cases = [
        ("abc", "abc", true),
        ("a*c", "abbc", true),
        ("a*c", "abbd", false),
        ("*", "a/b", false),
        ("a/*/c", "a/b/c", true),
        ("a/*/c", "a/b/b/c", false),
        ("a/**/c", "a/c", true),
        ("a/**/c", "a/b/b/c", true),
        ("a/**/b/**/c", "a/x/b/y/b/z/c", true),
        ("a/**/b/c", "a/b/x/b/c", true),
        ("a/**", "a/b/c", true),
        ("a/**", "a", true),
        ("**/c", "c", true),
        ("/**/c", "/a/c", true),
        ("/**/c", "a/c", false),
        ("a**c", "axxc", true),
        ("a/b**/c", "a/bx/y/c", false),
        ("a?c", "a\u{e9}c", true),
        ("a?c", "a/c", false),
        ("[a-c]x", "bx", true),
        ("[!a-c]x", "bx", false),
        ("[^a-c]x", "dx", true),
        ("[a-]x", "-x", true),
        (r"[\]]x", "]x", true),
        (r"\*", "*", true),
        (r"\*", "a", false),
        ("{a,b}.log", "b.log", true),
        ("{a,b/c}.log", "b/c.log", true),
        ("{a,{b,c}d}e", "cde", true),
        ("a{,b}", "a", true),
        ("{a,**}/x", "q/r/x", true),
        ("[{]", "{", true),
        ("*.log", ".log", true),
        ("*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
    ];
    for (pattern, path, expected) in cases {
        assert_eq!(Glob::new(pattern).unwrap().matches(path.as_bytes()), expected, "{pattern} {path}");
    }
    for pattern in ["[", "[]", "[a", "{", "{a", "a}", r"\", "{a,[}", r"[\"] {
        assert_eq!(Glob::new(pattern).unwrap_err(), "syntax error in pattern", "{pattern}");
    }
    assert_eq!(Glob::new(&"{a,b}".repeat(12)).unwrap_err(), "too many alternatives in pattern");
}

fn find(patterns: &[String]) -> Vec<String> {
    let mut found = Found::default();
    for pattern in patterns {
        Glob::new(pattern).unwrap().find(&mut found);
    }
    assert!(found.errors.is_empty(), "{:?}", found.errors);
    found.paths.iter().map(|path| path.to_str().unwrap().to_owned()).collect()
}

#[test]
fn files_are_found_in_folders() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    for path in ["a.log", "b.txt", "d/a.log", "d/e/a.log", "d/e/.hidden.log", "x.log/y"] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    symlink(root.join("d"), root.join("d/e/loop")).unwrap();
    symlink(root.join("b.txt"), root.join("l.log")).unwrap();
    symlink("nowhere", root.join("dead.log")).unwrap();
    let cases: &[(&[&str], &[&str])] = &[
        (&["*.log"], &["a.log", "l.log"]),
        (&["*"], &["a.log", "b.txt", "l.log"]),
        (&["**/*.log"], &["a.log", "d/a.log", "d/e/.hidden.log", "d/e/a.log", "l.log"]),
        (&["d/**"], &["d/a.log", "d/e/.hidden.log", "d/e/a.log"]),
        (&["d/**/**/a.log", "d/a.log"], &["d/a.log", "d/e/a.log"]),
        (&["**/e/*"], &["d/e/.hidden.log", "d/e/a.log"]),
        (&["{a,b}.*"], &["a.log", "b.txt"]),
        (&["a.log"], &["a.log"]),
        (&["a.log/b", "nowhere/*", "d"], &[]),
    ];
    for (patterns, expected) in cases {
        let absolute = |text: &&str| Path::new(root).join(text).to_str().unwrap().to_owned();
        let patterns: Vec<_> = patterns.iter().map(absolute).collect();
        let expected: Vec<_> = expected.iter().map(absolute).collect();
        assert_eq!(find(&patterns), expected, "{patterns:?}");
    }
}

#[test]
fn relative_patterns_stay_relative() {
    assert_eq!(
        find(&["src/glo?.rs".to_owned(), "./src/glob.rs".to_owned()]),
        ["./src/glob.rs", "src/glob.rs"]
    );
}
