//! Writing a record as a whole or not at all.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
};

/// A file that holds whole records, as far as that can be had.
#[derive(Debug)]
pub(crate) struct Whole {
    file: File,
    /// How much of it is whole; `None` for what has no length, such as a pipe.
    length: Option<u64>,
}

impl Whole {
    /// `file` with what it holds already.
    pub(crate) fn new(file: File) -> io::Result<Self> {
        let about = file.metadata()?;
        Ok(Self { length: about.is_file().then_some(about.len()), file })
    }

    /// Appends `records`. If that fails half-way, what was written of them is taken back: a torn record would spoil the
    /// next one too.
    pub(crate) fn append(&mut self, records: &[u8]) -> io::Result<()> {
        let outcome = self.file.write_all(records);
        if let Some(length) = &mut self.length {
            match &outcome {
                Ok(()) => *length += records.len() as u64,
                Err(_) => {
                    // If not even this can be done there is nothing more to do; the caller hears of the first error.
                    let _ =
                        self.file.set_len(*length).and_then(|()| self.file.seek(SeekFrom::Start(*length)));
                }
            }
        }
        outcome
    }
}
