//! Which file a group goes to, with nothing that data says able to leave the configured place (Go's `fullPath`).

/// A path with one `*` in it.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    prefix: String,
    suffix: String,
}

impl Pattern {
    /// `path` must have a `*`, and not at its beginning, which validation has seen to.
    pub(crate) fn new(path: &str) -> Self {
        let (prefix, suffix) = path.split_once('*').unwrap_or((path, ""));
        let mut clean = clean(prefix);
        if prefix.ends_with('/') && !clean.ends_with('/') {
            clean.push('/');
        }
        Self { prefix: clean, suffix: suffix.to_owned() }
    }

    /// The path for `segment`. It begins with the pattern's beginning, whatever the segment is.
    pub(crate) fn with(&self, segment: &str) -> String {
        let Self { prefix, suffix } = self;
        // The dots go, the slash stays.
        let segment = match segment {
            s if s.starts_with("./") => &s[1..],
            s if s.starts_with("../") => &s[2..],
            s => s,
        };
        let path = clean(&format!("{prefix}{segment}{suffix}"));
        if path.starts_with(prefix.as_str()) {
            return path;
        }
        // Cleaned as an absolute path, no dots are left that lead upwards.
        clean(&format!("{prefix}/{}", clean(&format!("/{segment}{suffix}"))))
    }
}

/// The shortest path that means the same, by its text alone (Go's `path.Clean`).
fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_as_go_does() {
        for (path, expected) in [
            ("", "."),
            (".", "."),
            ("/", "/"),
            ("/..", "/"),
            ("a//b/./c", "a/b/c"),
            ("a/../b", "b"),
            ("../a/../../b", "../../b"),
            ("/a/../../b/", "/b"),
            ("./a", "a"),
        ] {
            assert_eq!(clean(path), expected, "{path}");
        }
    }

    #[test]
    fn no_segment_leaves_the_prefix() {
        // Go's own test vectors, and worse.
        for (pattern, segment, expected) in [
            ("/data/*.json", "one", "/data/one.json"),
            ("/data/*.json", "", "/data/.json"),
            ("/data/*.json", "a/b", "/data/a/b.json"),
            ("/data/*.json", "../etc/my_config", "/data/etc/my_config.json"),
            ("/data/*.json", "./x", "/data/x.json"),
            ("/data/*.json", "a/../../etc/passwd", "/data/etc/passwd.json"),
            ("/data/*.json", "/../../../etc/passwd", "/data/etc/passwd.json"),
            ("/data/*", "..", "/data"),
            ("/data/pre*.json", "/../../etc", "/data/pre/etc.json"),
            ("data/*.json", "../../x", "data/x.json"),
            ("./data/*.json", "../x", "data/x.json"),
        ] {
            let path = Pattern::new(pattern).with(segment);
            assert_eq!(path, expected, "{pattern} {segment}");
        }
    }
}
