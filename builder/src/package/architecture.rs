//! A target as each package format names it.

use crate::error::Error;

/// The processor that a package is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Architecture {
    /// Debian's name.
    pub(crate) deb: &'static str,
    /// RPM's name.
    pub(crate) rpm: &'static str,
    /// The name in archives, which is Go's, as the official archives have it.
    pub(crate) archive: &'static str,
}

/// Every one there are packages for, by the first part of its Rust target.
const ALL: [(&str, Architecture); 7] = [
    ("x86_64", names("amd64", "x86_64", "amd64")),
    ("aarch64", names("arm64", "aarch64", "arm64")),
    ("armv7", names("armhf", "armv7hl", "armv7")),
    ("i686", names("i386", "i686", "386")),
    ("powerpc64le", names("ppc64el", "ppc64le", "ppc64le")),
    ("riscv64gc", names("riscv64", "riscv64", "riscv64")),
    ("s390x", names("s390x", "s390x", "s390x")),
];

const fn names(deb: &'static str, rpm: &'static str, archive: &'static str) -> Architecture {
    Architecture { deb, rpm, archive }
}

impl Architecture {
    /// The architecture of a Rust target.
    pub(crate) fn of_target(target: &str) -> Result<Self, Error> {
        if !target.contains("linux") {
            return Err(Error::Other(format!("packages are for Linux, and `{target}` is not")));
        }
        let processor = target.split('-').next().unwrap_or_default();
        let found = ALL.iter().find(|(name, _)| *name == processor).map(|(_, architecture)| *architecture);
        // Debian's armhf and RPM's armv7hl promise the hard-float calling convention.
        let found = found.filter(|it| it.deb != "armhf" || target.ends_with("hf"));
        found.ok_or_else(|| {
            let known: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
            Error::Other(format!(
                "no package format has a name for `{target}`; there are packages for Linux on {}",
                known.join(", ")
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_and_names() {
        let of = |target| {
            Architecture::of_target(target).map(|a| (a.deb, a.rpm, a.archive)).map_err(|e| e.to_string())
        };
        assert_eq!(of("x86_64-unknown-linux-gnu"), Ok(("amd64", "x86_64", "amd64")));
        assert_eq!(of("aarch64-unknown-linux-musl"), Ok(("arm64", "aarch64", "arm64")));
        assert_eq!(of("armv7-unknown-linux-gnueabihf"), Ok(("armhf", "armv7hl", "armv7")));
        assert_eq!(of("powerpc64le-unknown-linux-gnu"), Ok(("ppc64el", "ppc64le", "ppc64le")));
        assert_eq!(
            of("x86_64-pc-windows-gnu"),
            Err("packages are for Linux, and `x86_64-pc-windows-gnu` is not".to_owned())
        );
        assert_eq!(
            of("armv7-unknown-linux-gnueabi"),
            Err("no package format has a name for `armv7-unknown-linux-gnueabi`; there are packages for Linux on \
                 x86_64, aarch64, armv7, i686, powerpc64le, riscv64gc, s390x"
                .to_owned())
        );
    }
}
