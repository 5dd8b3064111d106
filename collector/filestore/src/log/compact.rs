//! Letting go of what is of no more use.

use std::{fs, io};

use slimcol_service::Change;

use super::{Finding, Log, files::path, write::Writer};

/// How much is read and written again at a time.
const AT_A_TIME: u64 = 4 << 20;

impl Log {
    /// Removes the segments that keep nothing, the one that is written to only if nothing at all is kept. If most of the log is of no use and yet cannot go, because the oldest
    /// segment keeps a few things, those are written again.
    pub(super) fn tidy(&self, writer: &mut Writer) {
        self.drop_dead();
        let all = self.index().clear(self.options.least_segment);
        if !all.is_empty() {
            writer.end();
            self.remove(&all);
        }
        let slack = self.segment_limit().saturating_mul(2);
        loop {
            let (total, live) = self.sizes();
            let due = total.saturating_sub(live) > live.saturating_add(slack) && total >= writer.compact_at;
            let before = self.index().segments.len();
            if !due || before < 2 {
                return;
            }
            if self.renew_oldest(writer).is_err() || self.index().segments.len() > before {
                writer.compact_at = total + slack;
                return;
            }
        }
    }

    /// Writes all that is kept again, and nothing else.
    ///
    /// # Errors
    /// There is no room, or a segment cannot be read; then everything is still there.
    pub fn compact(&self) -> io::Result<()> {
        let mut writer = super::lock(&self.writer);
        writer.end();
        let segments = self.index().segments.len();
        for _ in 0..segments {
            let (total, live) = self.sizes();
            if total <= live.saturating_add(self.options.least_segment) {
                break;
            }
            self.renew_oldest(&mut writer)?;
        }
        Ok(())
    }

    fn drop_dead(&self) {
        loop {
            let Some(number) = self.index().pop() else { return };
            self.remove(&[number]);
        }
    }

    fn remove(&self, segments: &[u64]) {
        for number in segments {
            // What cannot be removed now is found without use at the next start.
            let _ = fs::remove_file(path(&self.folder, *number));
        }
    }

    /// Writes what the oldest segment keeps again, at the end, and removes it.
    fn renew_oldest(&self, writer: &mut Writer) -> io::Result<()> {
        let Some(oldest) = self.index().segments.front().map(|segment| segment.number) else { return Ok(()) };
        let kept = self.index().kept(oldest);
        let mut changes = Vec::new();
        let mut size = 0;
        for (key, place) in kept {
            match self.get(&key) {
                Ok(Some(value)) => {
                    size += value.len() as u64;
                    changes.push(Change::Set(key, vec![value]));
                }
                Ok(None) => {}
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    let bytes = u64::from(place.len);
                    (self.report)(Finding::Damaged { file: path(&self.folder, oldest), at: place.at, bytes });
                    changes.push(Change::Delete(key));
                }
                Err(error) => return Err(error),
            }
            if size > AT_A_TIME || changes.len() >= self.options.at_a_time {
                self.append(writer, &[std::mem::take(&mut changes)], false)?;
                size = 0;
            }
        }
        if !changes.is_empty() {
            self.append(writer, &[changes], false)?;
        }
        self.drop_dead();
        Ok(())
    }
}
