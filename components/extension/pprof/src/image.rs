//! Where in memory programs and libraries lie, and which ones they are: what a profile's reader needs to find the names of addresses.

use std::{
    fs::{self, File},
    io::Read as _,
};

/// As much of a file as its notes lie in.
const HEAD: u64 = 1 << 16;
/// The note that names a build, in ELF's numbers.
const BUILD_ID: u32 = 3;
const PT_NOTE: u32 = 4;

/// A stretch of memory with code in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// Where in the file it begins.
    pub(crate) offset: u64,
    pub(crate) file: String,
    /// In hexadecimal digits; empty if the file has none.
    pub(crate) build_id: String,
}

/// The process's code, the program first.
pub(crate) fn mappings() -> Vec<Mapping> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let program = fs::read_link("/proc/self/exe").unwrap_or_default().display().to_string();
    let mut mappings: Vec<Mapping> = maps.lines().filter_map(mapping).collect();
    slimcol_order::sort_by_key(&mut mappings, |mapping| (mapping.file != program, mapping.start));
    for mapping in &mut mappings {
        // The file may have been replaced since; this is the one that runs.
        let path = if mapping.file == program { "/proc/self/exe" } else { &mapping.file };
        mapping.build_id = head(path).and_then(|head| build_id(&head)).unwrap_or_default();
    }
    mappings
}

/// A line such as `55d0-55e0 r-xp 00001000 08:01 42   /usr/bin/otelcol` if it is of code.
fn mapping(line: &str) -> Option<Mapping> {
    let mut words = line.split_ascii_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    if !words.next()?.contains('x') {
        return None;
    }
    let number = |digits: &str| u64::from_str_radix(digits, 16).ok();
    let offset = number(words.next()?)?;
    // Device and inode; the path may have blanks.
    let path = line.splitn(6, ' ').nth(5).unwrap_or_default().trim_start();
    Some(Mapping {
        start: number(start)?,
        end: number(end)?,
        offset,
        file: path.to_owned(),
        build_id: String::new(),
    })
}

fn head(path: &str) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    Some(head)
}

/// The build id in the notes of a 64-bit little-endian ELF file.
fn build_id(elf: &[u8]) -> Option<String> {
    let u16_at = |at: usize| Some(u16::from_le_bytes(elf.get(at..at + 2)?.try_into().ok()?));
    let u32_at = |at: usize| Some(u32::from_le_bytes(elf.get(at..at.checked_add(4)?)?.try_into().ok()?));
    let u64_at = |at: usize| {
        let bytes = elf.get(at..at.checked_add(8)?)?.try_into().ok()?;
        usize::try_from(u64::from_le_bytes(bytes)).ok()
    };
    if elf.get(..6)? != b"\x7fELF\x02\x01" {
        return None;
    }
    let (headers, size, count) = (u64_at(0x20)?, usize::from(u16_at(0x36)?), usize::from(u16_at(0x38)?));
    for at in (0..count).map_while(|header| headers.checked_add(header * size)) {
        if u32_at(at)? != PT_NOTE {
            continue;
        }
        let (mut at, length) = (u64_at(at + 8)?, u64_at(at + 32)?);
        let end = at.checked_add(length)?;
        while at < end {
            let Some((name, content)) = u32_at(at).zip(u32_at(at + 4)) else { break };
            let (name, content) = (name as usize, content as usize);
            let content_at = at + 12 + name.next_multiple_of(4);
            if u32_at(at + 8)? == BUILD_ID && elf.get(at + 12..at + 16)? == b"GNU\0" {
                let id = elf.get(content_at..content_at.checked_add(content)?)?;
                return Some(id.iter().fold(String::new(), |digits, byte| digits + &format!("{byte:02x}")));
            }
            at = content_at + content.next_multiple_of(4);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_code_are_mappings() {
        let line = "7f00-7f80 r-xp 00001000 08:01 42                         /opt/a b/otelcol";
        let expected = Mapping {
            start: 0x7f00,
            end: 0x7f80,
            offset: 0x1000,
            file: "/opt/a b/otelcol".to_owned(),
            build_id: String::new(),
        };
        assert_eq!(mapping(line), Some(expected));
        assert_eq!(mapping("7f00-7f80 rw-p 00001000 08:01 42   /x"), None);
        assert_eq!(mapping("7ffc-7ffe r-xp 00000000 00:00 0      [vdso]").unwrap().file, "[vdso]");
        assert_eq!(mapping("nonsense"), None);
    }

    #[test]
    fn a_note_names_the_build() {
        let mut elf = vec![0; 0x40];
        elf[..6].copy_from_slice(b"\x7fELF\x02\x01");
        elf[0x20] = 0x40;
        elf[0x36] = 56;
        elf[0x38] = 1;
        let mut header = [0; 56];
        header[0] = 4;
        header[8] = 0x78;
        header[32] = 40;
        elf.extend(header);
        // Another note before it, whose name and content are padded.
        elf.extend(b"\x02\0\0\0\x01\0\0\0\x01\0\0\0x\0\0\0y\0\0\0");
        elf.extend(b"\x04\0\0\0\x03\0\0\0\x03\0\0\0GNU\0\xab\xcd\x01\0");
        assert_eq!(build_id(&elf).as_deref(), Some("abcd01"));
        for length in 0..elf.len() - 1 {
            assert_eq!(build_id(&elf[..length]), None, "{length}");
        }
    }
}
