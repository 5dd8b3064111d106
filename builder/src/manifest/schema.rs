//! Every key that a manifest can have: the one list that reading, messages, environment overrides and documentation are made
//! from.
//!
//! A new key is a row here, a field of what its mapping becomes, and its reading in that mapping's room (`dist/` for `dist`).

use self::{
    Owner::{Go, Ocb, Refused, Slimcol},
    Value::{Flag, Free, List, Mapping, Path, Text},
};

/// A key of a manifest.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "the documentation is made from what the code does not ask for")]
pub(crate) struct Key {
    /// The mapping that it stands in (`dist.resource`), empty at the top. [`MODULE`] and [`CRATE`] are a component's entry.
    pub(crate) within: &'static str,
    /// The key.
    pub(crate) name: &'static str,
    /// What is written there.
    pub(crate) value: Value,
    /// Whose it is.
    pub(crate) owner: Owner,
    /// What it does, for the documentation (Markdown, one line).
    pub(crate) meaning: &'static str,
}

/// What is written at a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A text or a number.
    Text,
    /// A file or folder; relative to the manifest's folder.
    Path,
    /// `true` or `false`.
    Flag,
    /// A list.
    List,
    /// A mapping, whose keys have rows of their own.
    Mapping,
    /// A mapping, whose keys are the user's.
    Free,
}

/// Whose a key is, and what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// ocb's, and it means the same here.
    Ocb,
    /// ocb's: it is checked, and a note says that it means nothing to a Rust build.
    Go,
    /// ocb's: it is refused, with the reason.
    Refused,
    /// Slimcol's.
    Slimcol,
}

/// The mapping of a component that is named by its Go module.
pub(crate) const MODULE: &str = "gomod entry";
/// The mapping of a component that is named by its crate.
pub(crate) const CRATE: &str = "crate entry";

/// All of them, ocb's first within a mapping.
#[rustfmt::skip]
const KEYS: &[Key] = &[
    key("", "dist", Mapping, Ocb, "what the distribution is called and where it goes"),
    key("", "receivers", List, Ocb, "components of that kind: a name, a `gomod` entry or a `crate` entry each"),
    key("", "processors", List, Ocb, "as `receivers`"),
    key("", "exporters", List, Ocb, "as `receivers`"),
    key("", "connectors", List, Ocb, "as `receivers`"),
    key("", "extensions", List, Ocb, "as `receivers`"),
    key("", "providers", List, Ocb, "where configuration comes from; without the key `env`, `file`, `http`, `https`, `yaml`"),
    key("", "converters", List, Refused, "there are none to choose from: a collector expands `${…}` itself; an empty list is fine"),
    key("", "telemetry", Mapping, Go, "a collector's own telemetry is built in"),
    key("", "replaces", List, Ocb, "`NAME [REQ] => FOLDER`, `… => URL`, `… => URL tag X` (`rev`, `branch`) or `… => VERSION`: what stands \
        in for a crate wherever it is used. A line for a Go module counts if its folder has a crate in it"),
    key("", "excludes", List, Ocb, "`NAME [REQ]`: nothing is built with such a crate in it. Lines for Go modules are checked only"),
    key("", "conf_resolver", Mapping, Ocb, ""),

    key("dist", "name", Text, Ocb, "the binary's name: letters, digits, `-`, `_`, `.`; required"),
    key("dist", "version", Text, Ocb, "as written: `1.10` stays `1.10`"),
    key("dist", "description", Text, Ocb, "a line of text"),
    key("dist", "output_path", Path, Ocb, "where everything goes; without it a folder called `dist.name`"),
    key("dist", "debug_compilation", Flag, Ocb, "symbols and line numbers stay in the binary"),
    key("dist", "module", Text, Go, "names a Go module; none is made"),
    key("dist", "go", Text, Go, "names a Go compiler; none is used"),
    key("dist", "build_tags", Text, Go, "for the Go compiler; crates' `features` are the way here"),
    key("dist", "cgo_enabled", Flag, Go, "binaries are static whatever they are made of"),
    key("dist", "use_absolute_replace_paths", Flag, Go, "for go.mod; crates from folders are copied"),
    key("dist", "resource", Mapping, Go, ""),
    key("dist", "config", Path, Slimcol, "the configuration that images start with"),
    key("dist", "panic", Text, Slimcol, "`unwind` (default): a panic ends its component's task, is reported, and the collector \
        shuts down in order. `abort`: it ends the process at once, as in Go, and the binary is a fifth smaller"),
    key("dist", "lto", Text, Slimcol, "how much is optimised across crates: `off` (default) links in seconds, `fat` makes the binary a fifth smaller, and relays by a tenth and more faster, for a minute more, `thin` is between them"),
    key("dist", "licenses", List, Slimcol, "the licences that linked crates may have, as SPDX identifiers (`[Apache-2.0, MIT]`); \
        without the key any"),
    key("dist", "max_size", Text, Slimcol, "the most bytes that the binary may have (`4MB`, `3900KiB`, `4000000`): a larger one is not \
        put in place, and the build fails with exit code 5 and says who has them"),

    key("dist", "package", Mapping, Slimcol, "what packages say besides ([packages](packages.md))"),
    key("dist", "image", Mapping, Slimcol, "what images are called, and what is in them besides ([images](images.md))"),

    key("dist.image", "name", Text, Slimcol, "`[registry/]path[:tag]`; without a tag, that is `dist.version`"),
    key("dist.image", "labels", Free, Slimcol, "labels, which are annotations too; an empty one takes away one of Slimcol's"),
    key("dist.image", "user", Text, Slimcol, "`UID[:GID]` that collectors run as; default 10001:10001"),
    key("dist.image", "expose", List, Slimcol, "ports besides those of the configuration, as `514/udp`"),

    key("dist.package", "maintainer", Text, Slimcol, "`Name <address>`"),
    key("dist.package", "homepage", Text, Slimcol, "where there is more to read"),
    key("dist.package", "license", Text, Slimcol, "the distribution's licence, an SPDX expression; `Apache-2.0` without it"),
    key("dist.package", "user", Text, Slimcol, "whom the service runs as; the distribution's name without it"),
    key("dist.package", "group", Text, Slimcol, "the group it runs in; the user's name without it"),
    key("dist.package", "release", Text, Slimcol, "how many times this version has been packaged; 1 without it"),

    key("dist.resource", "detection", Mapping, Go, ""),
    key("dist.resource.detection", "detectors", List, Go, "leaves code out of a Go build; only chosen crates are compiled here"),

    key("telemetry", "gomod", Text, Go, "the module of the telemetry; checked"),
    key("telemetry", "import", Text, Go, "how Go code refers to it"),
    key("telemetry", "name", Text, Go, "how Go code refers to it"),
    key("telemetry", "path", Path, Go, "a folder with its Go code"),

    key("conf_resolver", "default_uri_scheme", Text, Ocb, "`env` is the only one: `${NAME}` is `${env:NAME}`"),

    key(MODULE, "gomod", Text, Ocb, "`PATH vX.Y.Z`: the component that stands for this Go module"),
    key(MODULE, "path", Path, Ocb, "a folder with a Rust crate to take it from"),
    key(MODULE, "import", Text, Go, "how Go code refers to the module"),
    key(MODULE, "name", Text, Go, "how Go code refers to the module"),

    key(CRATE, "crate", Text, Slimcol, "the package's name"),
    key(CRATE, "path", Path, Slimcol, "its folder; or"),
    key(CRATE, "git", Text, Slimcol, "its repository; or"),
    key(CRATE, "version", Text, Slimcol, "its version on crates.io, as in a Cargo.toml"),
    key(CRATE, "registry", Text, Slimcol, "with `version`: a registry that cargo's configuration names, in place of crates.io"),
    key(CRATE, "rev", Text, Slimcol, "with `git`: a commit; or"),
    key(CRATE, "tag", Text, Slimcol, "a tag; or"),
    key(CRATE, "branch", Text, Slimcol, "a branch"),
    key(CRATE, "features", List, Slimcol, "features to turn on"),
    key(CRATE, "default-features", Flag, Slimcol, "`false` leaves the default ones off"),
];

const fn key(
    within: &'static str,
    name: &'static str,
    value: Value,
    owner: Owner,
    meaning: &'static str,
) -> Key {
    Key { within, name, value, owner, meaning }
}

/// All keys.
pub(crate) fn all() -> impl Iterator<Item = &'static Key> {
    KEYS.iter()
}

/// The keys of a mapping.
pub(crate) fn keys_of(within: &str) -> impl Iterator<Item = &'static Key> {
    all().filter(move |key| key.within == within)
}

/// The key that is called `name` in whatever case, as ocb matches them.
pub(crate) fn find(within: &str, name: &str) -> Option<&'static Key> {
    keys_of(within).find(|key| key.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests;
