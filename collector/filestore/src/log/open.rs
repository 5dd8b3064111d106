//! Opening a log: what is in its segments, as far as they are whole.

use std::{
    fs::{self, OpenOptions},
    io,
    path::PathBuf,
    sync::Mutex,
};

use bytes::Bytes;

use super::{
    Finding, Log, Options,
    files::{numbers, path},
    index::{Index, Place},
    record::Told,
    scan::scan,
    write::Writer,
};

impl Log {
    /// Opens the log in `folder`, which may be empty; only one may be open on a folder. What is not as it was written is
    /// reported, now or whenever it shows.
    ///
    /// # Errors
    /// The folder or a segment cannot be read. Damage is no error.
    pub fn open(
        folder: PathBuf,
        options: Options,
        report: Box<dyn Fn(Finding) + Send + Sync>,
    ) -> io::Result<Self> {
        let numbers = numbers(&folder)?;
        let mut index = Index::default();
        for &number in &numbers {
            let file = path(&folder, number);
            let segment = fs::read(&file)?;
            index.begin(number, segment.len() as u64);
            let scan = scan(&segment, |at, told| tell(&mut index, number, at as u64, told));
            let mut damaged = scan.damaged;
            let unfinished = segment.len() - scan.end;
            if unfinished > 0 {
                if Some(&number) == numbers.last() {
                    OpenOptions::new().write(true).open(&file)?.set_len(scan.end as u64)?;
                    let (at, bytes) = (scan.end as u64, unfinished as u64);
                    report(Finding::Unfinished { file: file.clone(), at, bytes });
                    index.cut(bytes);
                } else {
                    damaged.push(scan.end..segment.len());
                }
            }
            if let Some(first) = damaged.first() {
                let bytes = damaged.iter().map(|stretch| stretch.len() as u64).sum();
                report(Finding::Damaged { file, at: first.start as u64, bytes });
            }
        }
        let next = numbers.last().map_or(1, |last| last + 1);
        let log = Self {
            folder,
            options,
            report,
            index: Mutex::new(index),
            writer: Mutex::new(Writer::new(next)),
            reader: Mutex::default(),
        };
        log.tidy(&mut super::lock(&log.writer));
        Ok(log)
    }
}

/// Notes what a record at `place` of a segment says.
fn tell(index: &mut Index, segment: u64, place: u64, told: Vec<Told<'_>>) {
    for change in told {
        match change {
            Told::Set { key, at, len, crc } => {
                let at = place + at;
                index.set(&Bytes::copy_from_slice(key), Place { segment, at, len, crc });
            }
            Told::Delete { key } => index.delete(key),
        }
    }
}
