//! The file as it ships, cut into stretches: each is what one symbol names, or what no symbol names of one section, or what is
//! between sections.

use std::collections::BTreeMap;

use object::{
    Object as _, ObjectSection as _, ObjectSymbol as _, SectionFlags, SectionKind, SymbolKind,
    elf::{self, SHF_ALLOC, SHF_EXECINSTR},
};

use crate::compile::AUDIT_SECTION;

/// Neighbouring bytes of the file.
#[derive(Clone, Debug)]
pub(super) struct Stretch<'d> {
    /// How many.
    pub(super) bytes: u64,
    /// What they are.
    pub(super) part: Part,
    /// What names them.
    pub(super) symbol: Option<Symbol<'d>>,
}

/// What bytes of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Instructions.
    Code,
    /// What is only read.
    Constants,
    /// What is written to, or holds addresses that are set at start.
    Data,
    /// Where those addresses are.
    Relocations,
    /// How to walk back up the stack.
    Unwinding,
    /// The list of crates.
    Audit,
    /// What debuggers read.
    Debugging,
    /// Headers, names, notes, gaps.
    Frame,
}

/// A name and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Symbol<'d> {
    /// The name as it is in the file.
    pub(super) name: &'d str,
    /// The source file that the linker's input was made from, where it says so.
    pub(super) file: Option<&'d str>,
}

impl Part {
    /// What a report calls the bytes of this kind that no symbol names.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Code => "stubs of the linker and gaps between functions",
            Self::Constants => "texts, tables and other constants without a name",
            Self::Data => "method tables and other data without a name",
            Self::Relocations => "relocations",
            Self::Unwinding => "unwind tables",
            Self::Audit => "the list of crates (.dep-v0)",
            Self::Debugging => "symbols and debugging information",
            Self::Frame => "headers and notes",
        }
    }
}

/// A section of the file.
struct Section {
    address: u64,
    offset: u64,
    bytes: u64,
    part: Part,
}

/// All stretches of `shipped`, in order. Its symbols were dropped; `linked` is the same file with them.
pub(super) fn all<'d>(shipped: &[u8], linked: &'d [u8]) -> Result<Vec<Stretch<'d>>, String> {
    let mut sections = sections(shipped)?;
    sections.sort_by_key(|section| section.offset);
    let named = named(linked)?;
    let mut stretches = Vec::new();
    let mut reached = 0;
    for section in &sections {
        let gap = section.offset.checked_sub(reached).ok_or("its sections overlap")?;
        stretches.push(Stretch { bytes: gap, part: Part::Frame, symbol: None });
        cut(section, &named, &mut stretches);
        reached = section.offset + section.bytes;
    }
    let end = (shipped.len() as u64).checked_sub(reached).ok_or("its sections are larger than it")?;
    stretches.push(Stretch { bytes: end, part: Part::Frame, symbol: None });
    stretches.retain(|stretch| stretch.bytes > 0);
    Ok(stretches)
}

/// The bytes of all sections with instructions, as the file's own table has them.
pub(super) fn code(shipped: &[u8]) -> Result<u64, String> {
    let sections = sections(shipped)?;
    Ok(sections.iter().filter(|section| section.part == Part::Code).map(|section| section.bytes).sum())
}

/// The sections that are bytes of the file.
fn sections(shipped: &[u8]) -> Result<Vec<Section>, String> {
    let file = object::File::parse(shipped).map_err(|e| e.to_string())?;
    if !matches!(file.format(), object::BinaryFormat::Elf) {
        return Err("only ELF files are understood".to_owned());
    }
    let sections = file.sections().filter_map(|section| {
        let (offset, bytes) = section.file_range()?;
        let name = section.name().unwrap_or_default();
        let SectionFlags::Elf { sh_flags, .. } = section.flags() else { return None };
        let part = part(name, sh_flags, section.kind());
        Some(Section { address: section.address(), offset, bytes, part })
    });
    Ok(sections.collect())
}

fn part(name: &str, flags: elf::SectionFlags, kind: SectionKind) -> Part {
    match name {
        AUDIT_SECTION => Part::Audit,
        ".eh_frame" | ".eh_frame_hdr" | ".gcc_except_table" => Part::Unwinding,
        _ if flags.0 & SHF_EXECINSTR.0 != 0 => Part::Code,
        _ if name.starts_with(".rel") => Part::Relocations,
        _ if flags.0 & SHF_ALLOC.0 == 0 && name != ".shstrtab" => Part::Debugging,
        _ => match kind {
            SectionKind::ReadOnlyData | SectionKind::ReadOnlyString => Part::Constants,
            SectionKind::Data | SectionKind::ReadOnlyDataWithRel | SectionKind::Tls => Part::Data,
            _ => Part::Frame,
        },
    }
}

/// What is named at each address: the symbol and its size, which may be 0 for what assembly doesn't tell.
fn named(linked: &[u8]) -> Result<BTreeMap<u64, (u64, Symbol<'_>)>, String> {
    let file = object::File::parse(linked).map_err(|e| e.to_string())?;
    let mut named: BTreeMap<u64, (u64, Symbol<'_>)> = BTreeMap::new();
    let mut source = None;
    for symbol in file.symbols() {
        let Ok(name) = symbol.name() else { continue };
        if symbol.kind() == SymbolKind::File {
            source = Some(name);
            continue;
        }
        let wanted = matches!(symbol.kind(), SymbolKind::Text | SymbolKind::Data | SymbolKind::Unknown);
        if !wanted || symbol.section_index().is_none() || is_anonymous(name) {
            continue;
        }
        let symbol_of = Symbol { name, file: source.filter(|_| symbol.is_local()) };
        let new = (symbol.size(), symbol_of);
        let known = named.entry(symbol.address()).or_insert(new);
        // Several names for one place: the one that covers most, and of those the first, so that it is always the same one.
        if (new.0, known.1.name) > (known.0, new.1.name) {
            *known = new;
        }
    }
    Ok(named)
}

/// Whether a name is only a number of the compiler's.
fn is_anonymous(name: &str) -> bool {
    name.is_empty() || ["anon.", ".L", "alloc_", "vtable.", "$"].iter().any(|start| name.starts_with(start))
}

/// Cuts a section where symbols begin and end. What is inside of another symbol is the other's.
fn cut<'d>(section: &Section, named: &BTreeMap<u64, (u64, Symbol<'d>)>, stretches: &mut Vec<Stretch<'d>>) {
    let end = section.address + section.bytes;
    let part = section.part;
    let mut reached = section.address;
    if section.address != 0 && matches!(part, Part::Code | Part::Constants | Part::Data) {
        let mut inside = named.range(section.address..end).peekable();
        while let Some((&start, &(size, symbol))) = inside.next() {
            let next = inside.peek().map_or(end, |(start, _)| **start);
            let stop = if size == 0 { next } else { (start + size).min(end) };
            if stop <= reached || size == 0 && start < reached {
                continue;
            }
            let from = start.max(reached);
            stretches.push(Stretch { bytes: from - reached, part, symbol: None });
            stretches.push(Stretch { bytes: stop - from, part, symbol: Some(symbol) });
            reached = stop;
        }
    }
    stretches.push(Stretch { bytes: end - reached, part, symbol: None });
}

#[cfg(test)]
mod tests;
