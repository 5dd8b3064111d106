//! A target as images name it.

use crate::error::Error;

/// An architecture in Go's names, which image formats use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Platform {
    /// The architecture (`amd64`).
    pub(crate) architecture: &'static str,
    /// Which version of it, where that matters (`v8`).
    pub(crate) variant: Option<&'static str>,
}

impl Platform {
    /// The platform of a Rust target.
    pub(crate) fn of_target(target: &str) -> Result<Self, Error> {
        if !target.contains("linux") {
            return Err(Error::Other(format!("images are for Linux, and `{target}` is not")));
        }
        let (architecture, variant) = match target.split('-').next().unwrap_or_default() {
            "x86_64" => ("amd64", None),
            "aarch64" => ("arm64", Some("v8")),
            "armv7" => ("arm", Some("v7")),
            "i686" => ("386", None),
            "powerpc64le" => ("ppc64le", None),
            "riscv64gc" => ("riscv64", None),
            "s390x" => ("s390x", None),
            _ => return Err(Error::Other(format!("there is no image platform for `{target}`"))),
        };
        Ok(Self { architecture, variant })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_and_platforms() {
        let of = |target| {
            Platform::of_target(target).map(|p| (p.architecture, p.variant)).map_err(|e| e.to_string())
        };
        assert_eq!(of("x86_64-unknown-linux-gnu"), Ok(("amd64", None)));
        assert_eq!(of("aarch64-unknown-linux-musl"), Ok(("arm64", Some("v8"))));
        assert_eq!(
            of("x86_64-apple-darwin"),
            Err("images are for Linux, and `x86_64-apple-darwin` is not".to_owned())
        );
        assert_eq!(
            of("mips-unknown-linux-gnu"),
            Err("there is no image platform for `mips-unknown-linux-gnu`".to_owned())
        );
    }
}
