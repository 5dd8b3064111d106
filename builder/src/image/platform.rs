//! What a binary runs on, as images, compilers and binaries themselves name it.

use std::fmt;

use object::elf;

use crate::error::Error;

/// An architecture in Go's names, which image formats use. The operating system is Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Platform {
    /// The architecture (`amd64`).
    pub(crate) architecture: &'static str,
    /// Which version of it, where that matters (`v8`).
    pub(crate) variant: Option<&'static str>,
}

/// The same architecture in all names: Rust's, Go's, the variant, the machine in an ELF header, and the end of the
/// triple that Rust compiles for it on an ordinary Linux.
type Row = (&'static str, &'static str, Option<&'static str>, elf::Machine, &'static str);

const TABLE: [Row; 7] = [
    ("x86_64", "amd64", None, elf::EM_X86_64, "gnu"),
    ("aarch64", "arm64", Some("v8"), elf::EM_AARCH64, "gnu"),
    ("armv7", "arm", Some("v7"), elf::EM_ARM, "gnueabihf"),
    ("i686", "386", None, elf::EM_386, "gnu"),
    ("powerpc64le", "ppc64le", None, elf::EM_PPC64, "gnu"),
    ("riscv64gc", "riscv64", None, elf::EM_RISCV, "gnu"),
    ("s390x", "s390x", None, elf::EM_S390, "gnu"),
];

impl Platform {
    /// The platform of a Rust target.
    pub(crate) fn of_target(target: &str) -> Result<Self, Error> {
        if !target.contains("linux") {
            return Err(Error::Other(format!("images are for Linux, and `{target}` is not")));
        }
        let arch = target.split('-').next().unwrap_or_default();
        TABLE
            .iter()
            .find(|row| row.0 == arch)
            .map(Self::of_row)
            .ok_or_else(|| Error::Other(format!("there is no image platform for `{target}`")))
    }

    /// Reads `linux/arm64`, `linux/arm64/v8` or `arm64`. The error says what there is.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix("linux/").unwrap_or(text);
        let (architecture, variant) =
            rest.split_once('/').map_or((rest, None), |(arch, variant)| (arch, Some(variant)));
        let fits = |row: &&Row| row.1 == architecture && (variant.is_none() || row.2 == variant);
        TABLE.iter().find(fits).map(Self::of_row).ok_or_else(|| {
            let known: Vec<String> = TABLE.iter().map(|row| format!("`{}`", Self::of_row(row))).collect();
            format!("`{text}` is not a platform of images: there are {}", known.join(", "))
        })
    }

    /// The Rust target that is compiled for it unless another is named.
    pub(crate) fn target(self) -> String {
        let row = self.row();
        format!("{}-unknown-linux-{}", row.0, row.4)
    }

    /// Whether the header of an ELF file says that it is for this architecture.
    pub(crate) fn is_of(self, elf: &[u8]) -> bool {
        // The byte order stands in the sixth byte, the machine in two of the eighteenth.
        let read = if elf.get(5) == Some(&2) { u16::from_be_bytes } else { u16::from_le_bytes };
        elf.get(18..)
            .and_then(<[u8]>::first_chunk)
            .is_some_and(|machine| elf::Machine(read(*machine)) == self.row().3)
    }

    fn of_row(&(_, architecture, variant, ..): &Row) -> Self {
        Self { architecture, variant }
    }

    fn row(self) -> &'static Row {
        TABLE.iter().find(|row| row.1 == self.architecture).expect("platforms are made from the table")
    }
}

/// As command lines have it (`linux/arm64`): the variant goes without saying.
impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "linux/{}", self.architecture)
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

    #[test]
    fn platforms_are_written_as_docker_does() {
        for (text, target) in [
            ("linux/amd64", "x86_64-unknown-linux-gnu"),
            ("arm64", "aarch64-unknown-linux-gnu"),
            ("linux/arm64/v8", "aarch64-unknown-linux-gnu"),
            ("linux/arm", "armv7-unknown-linux-gnueabihf"),
        ] {
            let platform = Platform::parse(text).unwrap();
            assert_eq!(platform.target(), target);
            assert_eq!(Platform::of_target(target).unwrap(), platform);
        }
        for text in ["linux/arm64/v9", "windows/amd64", "x86_64", ""] {
            let error = Platform::parse(text).unwrap_err();
            assert!(
                error
                    .starts_with(&format!("`{text}` is not a platform of images: there are `linux/amd64`, "))
            );
        }
    }

    #[test]
    fn a_binary_says_what_it_is_for() {
        let me = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let host = Platform::of_target(&format!("{}-linux", std::env::consts::ARCH)).unwrap();
        assert!(host.is_of(&me));
        assert!(!Platform::parse("linux/s390x").unwrap().is_of(&me) && !host.is_of(b"\x7fELF"));
        let mut big_endian = vec![0; 20];
        (big_endian[5], big_endian[19]) = (2, 22);
        assert!(Platform::parse("linux/s390x").unwrap().is_of(&big_endian));
    }
}
