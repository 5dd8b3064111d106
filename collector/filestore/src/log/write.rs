//! Appending records.

use std::{
    collections::hash_map::RandomState,
    fs::{File, OpenOptions},
    hash::BuildHasher,
    io::{self, IoSlice, Write},
};

use bytes::Bytes;
use slimcol_service::Change;

use super::{
    Log,
    files::path,
    index::Place,
    record::{self, Written},
};

/// What writing needs.
#[derive(Debug)]
pub(super) struct Writer {
    /// The number of the next segment.
    next: u64,
    active: Option<Active>,
    /// Keys that are no more, of which the log does not know yet: there was no room to say so.
    unlogged: Vec<Bytes>,
    /// What is kept could not be written again; not to be tried before the log has grown to this.
    pub(super) compact_at: u64,
}

/// The segment that is written to.
#[derive(Debug)]
struct Active {
    file: File,
    number: u64,
    /// Up to the end of the last whole record.
    len: u64,
    salt: [u8; 8],
}

impl Writer {
    pub(super) fn new(next: u64) -> Self {
        Self { next, active: None, unlogged: Vec::new(), compact_at: 0 }
    }

    /// Ends the segment that is written to.
    pub(super) fn end(&mut self) {
        self.active = None;
    }
}

impl Log {
    /// Appends `groups` together; if that fails, each on its own, for one may fit where all do not.
    pub(super) fn write_groups(&self, writer: &mut Writer, groups: &[Vec<Change>]) -> Vec<io::Result<()>> {
        match self.append(writer, groups, true) {
            Ok(()) => groups.iter().map(|_| Ok(())).collect(),
            Err(_) if groups.len() > 1 => groups.iter().map(|group| self.append_one(writer, group)).collect(),
            Err(error) => {
                groups.iter().take(1).map(|group| self.without_room(writer, group, &error)).collect()
            }
        }
    }

    fn append_one(&self, writer: &mut Writer, group: &Vec<Change>) -> io::Result<()> {
        let appended = self.append(writer, std::slice::from_ref(group), true);
        appended.or_else(|error| self.without_room(writer, group, &error))
    }

    /// On a full disk things can still be forgotten, or there would never be room again. Until the log can be told, the
    /// only cost is that after a crash they are there once more.
    fn without_room(&self, writer: &mut Writer, group: &[Change], error: &io::Error) -> io::Result<()> {
        if group.iter().any(is_set) {
            return Err(io::Error::new(error.kind(), error.to_string()));
        }
        let mut index = self.index();
        for change in group {
            if let Change::Delete(key) = change {
                index.delete(key);
                writer.unlogged.push(key.clone());
            }
        }
        Ok(())
    }

    /// Appends one record for each group with one call to the kernel, and knows of them from then on. If it fails the
    /// segment is as it was.
    pub(super) fn append(
        &self,
        writer: &mut Writer,
        groups: &[Vec<Change>],
        limited: bool,
    ) -> io::Result<()> {
        let late: Vec<Change> = writer.unlogged.iter().cloned().map(Change::Delete).collect();
        let late = if late.is_empty() { &[][..] } else { &[late][..] };
        let groups: Vec<&Vec<Change>> = late.iter().chain(groups).collect();
        let sets = groups.iter().any(|group| group.iter().any(is_set));
        let active = self.active(writer)?;
        let mut records = Vec::with_capacity(groups.len());
        let mut end = active.len;
        for group in &groups {
            let record = record::write(group, active.salt, end)?;
            end += record.len;
            records.push(record);
        }
        if limited && sets && self.options.max_size > 0 {
            let total = self.index().total + (end - active.len);
            if total > self.options.max_size {
                let text = format!("storage is full: max_size is {} bytes", self.options.max_size);
                return Err(io::Error::new(io::ErrorKind::StorageFull, text));
            }
        }
        let written = write_records(&mut active.file, &groups, &records)
            .and_then(|()| if self.options.fsync && sets { active.file.sync_data() } else { Ok(()) });
        if let Err(error) = written {
            // What was half written is taken back. Where that fails too, or what is on the disk is not known, the next
            // record goes to another segment; a reader finds its way past the rest.
            if active.file.set_len(active.len).is_err() || self.options.fsync {
                writer.active = None;
            }
            return Err(error);
        }
        self.note(active.number, active.len, &groups, &records);
        active.len = end;
        writer.unlogged.clear();
        Ok(())
    }

    /// The segment to write to: a new one if there is none or it has grown enough.
    fn active<'a>(&self, writer: &'a mut Writer) -> io::Result<&'a mut Active> {
        let limit = self.segment_limit();
        let active = match writer.active.take() {
            Some(active) if active.len < limit => active,
            // Where there is no room for another one there may still be some in this one.
            Some(active) => self.begin(writer).unwrap_or(active),
            None => self.begin(writer)?,
        };
        Ok(writer.active.insert(active))
    }

    fn begin(&self, writer: &mut Writer) -> io::Result<Active> {
        let number = writer.next;
        let file = path(&self.folder, number);
        // The standard library's hasher has new random keys each time: nobody can guess the salt.
        let salt = RandomState::new().hash_one(number).to_le_bytes();
        let begin = record::begin(salt);
        let mut open = OpenOptions::new().append(true).create_new(true).open(&file)?;
        if let Err(error) = open.write_all(&begin).and_then(|()| self.sync_folder()) {
            // The number is free again if the file is gone.
            if std::fs::remove_file(&file).is_err() {
                writer.next += 1;
            }
            return Err(error);
        }
        writer.next += 1;
        let len = begin.len() as u64;
        self.index().begin(number, len);
        Ok(Active { file: open, number, len, salt })
    }

    /// Makes the new file's name as lasting as what is written to it.
    fn sync_folder(&self) -> io::Result<()> {
        if self.options.fsync { File::open(&self.folder)?.sync_all() } else { Ok(()) }
    }

    /// Takes the records, which stand from `at` on, into the index.
    fn note(&self, segment: u64, mut at: u64, groups: &[&Vec<Change>], records: &[Written]) {
        let mut index = self.index();
        for (group, Written { head, len, sums }) in groups.iter().zip(records) {
            let mut value = at + head.len() as u64;
            let mut sums = sums.iter();
            for change in *group {
                match change {
                    Change::Delete(key) => index.delete(key),
                    Change::Set(key, _) => {
                        let Some(&(len, crc)) = sums.next() else { continue };
                        index.set(key, Place { segment, at: value, len, crc });
                        value += u64::from(len);
                    }
                }
            }
            at += len;
            index.grow(*len);
        }
    }
}

fn is_set(change: &Change) -> bool {
    matches!(change, Change::Set(..))
}

/// Writes all records, values from where they are.
fn write_records(file: &mut File, groups: &[&Vec<Change>], records: &[Written]) -> io::Result<()> {
    let mut slices = Vec::new();
    for (group, record) in groups.iter().zip(records) {
        slices.push(IoSlice::new(&record.head));
        for change in *group {
            if let Change::Set(_, pieces) = change {
                slices
                    .extend(pieces.iter().filter(|piece| !piece.is_empty()).map(|piece| IoSlice::new(piece)));
            }
        }
    }
    let mut rest = &mut slices[..];
    while !rest.is_empty() {
        match file.write_vectored(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut rest, written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
