//! From the binary that was linked to the one that ships.
//!
//! The linker's output carries symbols, which say whose code is where; they are read before they are dropped. What runs is
//! what the program headers map, and linkers put all of that first. So the shipped file is the linked one up to there, byte
//! for byte, then the audit data, the names of the sections and a table of those that are left.

use object::{
    Endianness,
    elf::{FileHeader32, FileHeader64, SHF_ALLOC, SHF_INFO_LINK, SHT_PROGBITS, SHT_STRTAB, SectionType},
    read::elf::ProgramHeader as _,
    write::elf::{Encoder, FileHeader, FileHeaderLayout, SectionHeader},
};

/// Where `cargo auditable` puts the list of crates, and scanners look for it.
pub(crate) const AUDIT_SECTION: &str = ".dep-v0";
const NAMES_SECTION: &str = ".shstrtab";

/// What happens to the parts of a binary that are not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// They stay, for debuggers.
    Kept,
    /// They go.
    Dropped,
}

/// The ELF file `linked` with or without the rest, and with the audit data, if there is any.
pub(crate) fn finish(linked: &[u8], audit: Option<&[u8]>, rest: Rest) -> Result<Vec<u8>, String> {
    let finished = match object::FileKind::parse(linked) {
        Ok(object::FileKind::Elf64) => rewrite::<FileHeader64<Endianness>>(linked, audit, rest),
        Ok(object::FileKind::Elf32) => rewrite::<FileHeader32<Endianness>>(linked, audit, rest),
        _ => return Err("it is not an ELF file".to_owned()),
    };
    finished.map_err(|e| format!("it cannot be read: {e}"))?
}

/// The outer error is for a file that is damaged, the inner for one that is laid out in a way we don't handle.
fn rewrite<H: object::read::elf::FileHeader<Endian = Endianness>>(
    linked: &[u8],
    audit: Option<&[u8]>,
    rest: Rest,
) -> object::Result<Result<Vec<u8>, String>> {
    let header = H::parse(linked)?;
    let endian = header.endian()?;
    let (mut out, mut table) = match rest {
        Rest::Kept => (linked.to_vec(), all::<H>(header, endian, linked)?),
        Rest::Dropped => match loaded::<H>(header, endian, linked)? {
            Ok(parts) => parts,
            Err(what) => return Ok(Err(what)),
        },
    };
    if let Some(audit) = audit {
        table.append(&mut out, AUDIT_SECTION, SHT_PROGBITS, audit);
    }
    let names = table.names(NAMES_SECTION);
    table.append(&mut out, NAMES_SECTION, SHT_STRTAB, &names);

    let encoder = Encoder::new(endian, header.is_type_64(), header.e_machine(endian));
    let unit = encoder.address_size();
    out.resize(out.len().next_multiple_of(usize::try_from(unit).unwrap_or(8)), 0);
    let mut layout = FileHeaderLayout::from_raw(endian, header, linked)?;
    layout.e_shoff = out.len() as u64;
    layout.section_num = u32::try_from(table.0.len() + 1).unwrap_or(u32::MAX);
    layout.shstrtab_index = layout.section_num - 1;
    encoder.null_section_header(&mut out, &layout);
    let mut name = 1;
    for (text, section) in &table.0 {
        encoder.section_header(&mut out, &SectionHeader { sh_name: name, ..section.clone() });
        name += u32::try_from(text.len() + 1).unwrap_or(u32::MAX);
    }
    let mut start = Vec::new();
    if let Err(e) = encoder.file_header(&mut start, &FileHeader::from_raw(endian, header), &layout) {
        return Ok(Err(format!("its header cannot be written: {e}")));
    }
    out[..start.len()].copy_from_slice(&start);
    Ok(Ok(out))
}

/// What of the file is loaded, and the sections in there.
#[allow(clippy::type_complexity, reason = "the two are taken apart at once")]
fn loaded<H: object::read::elf::FileHeader<Endian = Endianness>>(
    header: &H,
    endian: Endianness,
    linked: &[u8],
) -> object::Result<Result<(Vec<u8>, Table), String>> {
    let mut end = 0;
    for segment in header.program_headers(endian, linked)? {
        end = end.max(segment.p_offset(endian).into() + segment.p_filesz(endian).into());
    }
    let Some(out) = usize::try_from(end).ok().and_then(|end| linked.get(..end)) else {
        return Ok(Err("it ends before its segments do".to_owned()));
    };
    let mut table = all::<H>(header, endian, linked)?;
    let is_loaded = |(_, section): &(Vec<u8>, SectionHeader)| section.sh_flags.0 & SHF_ALLOC.0 != 0;
    // With the sections in this order, those that stay keep their numbers, by which they refer to each other and dynamic
    // symbols to them.
    let kept = table.0.iter().take_while(|section| is_loaded(section)).count();
    if table.0.iter().skip(kept).any(is_loaded) {
        return Ok(Err("a section that is loaded stands behind one that is not".to_owned()));
    }
    table.0.truncate(kept);
    for (name, section) in &table.0 {
        let info = if section.sh_flags.0 & SHF_INFO_LINK.0 == 0 { 0 } else { section.sh_info };
        if section.sh_link.max(info) as usize > kept {
            let name = String::from_utf8_lossy(name);
            return Ok(Err(format!("section `{name}` needs one that is not loaded")));
        }
    }
    Ok(Ok((out.to_vec(), table)))
}

/// All sections but the first, which is none.
fn all<H: object::read::elf::FileHeader<Endian = Endianness>>(
    header: &H,
    endian: Endianness,
    linked: &[u8],
) -> object::Result<Table> {
    let sections = header.sections(endian, linked)?;
    let named = sections.iter().skip(1).map(|section| {
        let name = sections.section_name(endian, section)?.to_vec();
        Ok((name, SectionHeader::from_raw(endian, section)))
    });
    named.collect::<object::Result<_>>().map(Table)
}

/// The sections of a file that is written, with their names.
struct Table(Vec<(Vec<u8>, SectionHeader)>);

impl Table {
    /// Appends a section that is not loaded, and its content to the file.
    fn append(&mut self, out: &mut Vec<u8>, name: &str, kind: SectionType, content: &[u8]) {
        let section = SectionHeader {
            sh_type: kind,
            sh_offset: out.len() as u64,
            sh_size: content.len() as u64,
            sh_addralign: 1,
            ..SectionHeader::default()
        };
        out.extend(content);
        self.0.push((name.as_bytes().to_vec(), section));
    }

    /// The names in their order and `last`, each ended by a zero byte, behind an empty one.
    fn names(&self, last: &str) -> Vec<u8> {
        let names = self.0.iter().map(|(name, _)| &name[..]).chain([last.as_bytes()]);
        [&[][..]].into_iter().chain(names).flat_map(|name| [name, &[0]].concat()).collect()
    }
}

#[cfg(test)]
mod tests;
