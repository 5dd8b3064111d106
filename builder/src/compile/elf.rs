//! Whether an ELF file needs anything of the system it runs on.

use object::{
    Endianness,
    elf::{DT_NEEDED, FileHeader32, FileHeader64},
    read::elf::{Dyn as _, FileHeader, ProgramHeader as _},
};

/// Refuses a file that asks for an interpreter or a shared library.
pub(crate) fn check_static(data: &[u8]) -> Result<(), String> {
    match object::FileKind::parse(data) {
        Ok(object::FileKind::Elf64) => check(FileHeader64::<Endianness>::parse(data), data),
        Ok(object::FileKind::Elf32) => check(FileHeader32::<Endianness>::parse(data), data),
        _ => Err("it is not an ELF file".to_owned()),
    }
}

fn check<H: FileHeader<Endian = Endianness>>(header: object::Result<&H>, data: &[u8]) -> Result<(), String> {
    let needs = || -> object::Result<Option<&str>> {
        let header = header?;
        let endian = header.endian()?;
        for segment in header.program_headers(endian, data)? {
            if segment.interpreter(endian, data)?.is_some() {
                return Ok(Some("it asks for a dynamic loader"));
            }
            let entries = segment.dynamic(endian, data)?.unwrap_or_default();
            if entries.iter().any(|entry| entry.tag(endian) == DT_NEEDED) {
                return Ok(Some("it asks for a shared library"));
            }
        }
        Ok(None)
    };
    match needs() {
        Ok(None) => Ok(()),
        Ok(Some(what)) => Err(what.to_owned()),
        Err(e) => Err(format!("it cannot be read: {e}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dynamic_binary_is_told_from_what_is_no_binary() {
        let me = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert_eq!(check_static(&me).unwrap_err(), "it asks for a dynamic loader");
        assert_eq!(check_static(b"#!/bin/sh").unwrap_err(), "it is not an ELF file");
        assert!(check_static(&me[..100]).is_err());
    }
}
