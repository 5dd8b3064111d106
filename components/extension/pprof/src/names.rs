//! Names of functions, which only a program with debugging information has. What reads it is 150 KB, so it is left out of others.

/// The function at `address` and those that were inlined there, the innermost first, each with its file and line; none in a
/// program without symbols.
#[cfg(debug_info)]
pub(crate) fn at(address: u64) -> Vec<(String, String, u32)> {
    let mut names = Vec::new();
    let Ok(address) = usize::try_from(address) else { return names };
    backtrace::resolve(std::ptr::without_provenance_mut(address), |symbol| {
        if let Some(name) = symbol.name() {
            let file = symbol.filename().map(|file| file.display().to_string()).unwrap_or_default();
            // The alternate form leaves the hash out.
            names.push((format!("{name:#}"), file, symbol.lineno().unwrap_or_default()));
        }
    });
    names
}

/// The same where there is nothing to read.
#[cfg(not(debug_info))]
pub(crate) fn at(_: u64) -> [(String, String, u32); 0] {
    []
}
