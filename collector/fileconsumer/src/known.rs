//! Files by what they begin with.

use std::{collections::BTreeMap, mem};

use crate::fingerprint::Fingerprint;

/// What has a fingerprint.
pub(crate) trait Marked {
    fn fingerprint(&self) -> &Fingerprint;
}

/// Files, to be found by a fingerprint that goes on where theirs ended.
#[derive(Debug)]
pub(crate) struct Known<T> {
    /// By length, so that finding costs a look for each length, not one for each file.
    by_length: BTreeMap<usize, BTreeMap<Vec<u8>, Vec<T>>>,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self { by_length: BTreeMap::new() }
    }
}

impl<T: Marked> Known<T> {
    pub(crate) fn add(&mut self, file: T) {
        let mark = file.fingerprint().bytes();
        let same = self.by_length.entry(mark.len()).or_default().entry(mark.to_vec()).or_default();
        same.push(file);
    }

    pub(crate) fn extend(&mut self, files: impl IntoIterator<Item = T>) {
        for file in files {
            self.add(file);
        }
    }

    /// Takes the file that one with this fingerprint goes on from: the one that agrees longest, then the newest.
    pub(crate) fn take(&mut self, new: &Fingerprint) -> Option<T> {
        let new = new.bytes();
        for (&len, files) in self.by_length.range_mut(..=new.len()).rev() {
            // A fingerprint of nothing says nothing.
            let Some(same) = files.get_mut(&new[..len]).filter(|_| len > 0) else { continue };
            let found = same.pop();
            if same.is_empty() {
                files.remove(&new[..len]);
            }
            if files.is_empty() {
                self.by_length.remove(&len);
            }
            return found;
        }
        None
    }

    /// Takes the file with this very fingerprint that `is_it` says.
    pub(crate) fn take_same(&mut self, mark: &Fingerprint, is_it: impl Fn(&T) -> bool) -> Option<T> {
        let mark = mark.bytes();
        let files = self.by_length.get_mut(&mark.len())?;
        let same = files.get_mut(mark)?;
        let place = same.iter().position(is_it)?;
        let found = same.remove(place);
        if same.is_empty() {
            files.remove(mark);
        }
        Some(found)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.by_length.values().flat_map(BTreeMap::values).flatten()
    }

    /// Takes all.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = T> + use<T> {
        mem::take(&mut self.by_length).into_values().flat_map(BTreeMap::into_values).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct File(Fingerprint, u8);

    impl Marked for File {
        fn fingerprint(&self) -> &Fingerprint {
            &self.0
        }
    }

    #[test]
    fn the_longest_then_the_newest_is_taken() {
        let mark = |text: &str| Fingerprint::new(text.into());
        let mut known = Known::default();
        for (text, number) in [("ab", 1), ("abc", 2), ("abc", 3), ("x", 4), ("", 5)] {
            known.add(File(mark(text), number));
        }
        let mut take = |text: &str| known.take(&mark(text)).map(|file| file.1);
        assert_eq!(take("abcd"), Some(3));
        assert_eq!(take("abcd"), Some(2));
        assert_eq!(take("abcd"), Some(1));
        assert_eq!(take("abcd"), None);
        assert_eq!((take(""), take("yx")), (None, None));
        assert_eq!(take("x"), Some(4));
        assert_eq!(known.drain().count(), 1);
        assert_eq!(known.iter().count(), 0);
    }
}
