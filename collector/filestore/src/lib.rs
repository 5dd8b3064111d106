//! Stores for components in folders, each of which is one process' alone: what the `file_storage` extension offers, and what an
//! exporter with a write-ahead log of its own keeps it in.
//!
//! [`log`] is the store itself, without a collector around it.

mod claim;
pub mod log;
mod store;

use std::{io, path::Path};

use slimcol_service::{BoxError, Field, go_error};

use self::log::{Finding, Log, Options};
pub use self::{claim::Claim, store::FileStore};

/// Opens the log in `folder`, on a thread that may wait for disks, and with `compact` gives back at once what room it can; tells
/// `lines` of what is not as it was written. The inner error is the log's.
///
/// # Errors
/// The thread ended.
pub async fn open(
    folder: &Path,
    options: Options,
    compact: bool,
    lines: &slimcol_service::Log,
) -> Result<io::Result<Log>, BoxError> {
    let (folder, lines) = (folder.to_owned(), lines.clone());
    let opening = tokio::task::spawn_blocking(move || {
        let said = lines.clone();
        let opened = Log::open(folder, options, Box::new(move |finding| say(&said, &finding)))?;
        if compact && let Err(error) = opened.compact() {
            lines.error("compaction on start failed", &[("error", go_error(&error).into())]);
        }
        Ok(opened)
    });
    Ok(opening.await?)
}

/// Tells of what is not as it was written.
fn say(lines: &slimcol_service::Log, finding: &Finding) {
    let (Finding::Unfinished { file, at, bytes } | Finding::Damaged { file, at, bytes }) = finding;
    let fields = [
        ("file", Field::from(file.display().to_string())),
        ("offset", usize::try_from(*at).unwrap_or(usize::MAX).into()),
        ("bytes", usize::try_from(*bytes).unwrap_or(usize::MAX).into()),
    ];
    match finding {
        Finding::Unfinished { .. } => {
            lines.warn("The last write to the storage was not finished. It was cut off.", &fields);
        }
        Finding::Damaged { .. } => {
            lines.error(
                "The storage is damaged. What cannot be read was skipped, everything else is there.",
                &fields,
            );
        }
    }
}
