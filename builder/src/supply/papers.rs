//! The papers of a distribution: the documents that go with its files.

use std::path::Path;

use super::{Bill, Format, Key, Runtime, notices, provenance, sums};
use crate::{
    distro::{Binary, Prepared, Written},
    error::Error,
    replace,
    report::Artifact,
};

/// Which papers to write.
#[derive(Debug, Default)]
pub(crate) struct Papers {
    /// SBOMs: `<name>.cdx.json`, `<name>.spdx.json` beside each binary.
    pub(crate) sboms: Vec<Format>,
    /// What licences want to be passed on: `<name>.notices.txt` beside each binary.
    pub(crate) notices: bool,
    /// How everything was built: `<name>.provenance.json`.
    pub(crate) provenance: bool,
    /// Digests of everything, the other papers included: `SHA256SUMS`.
    pub(crate) sums: bool,
    /// A signature of the digests: `SHA256SUMS.minisig`.
    pub(crate) key: Option<Key>,
}

impl Papers {
    /// Writes the papers for `binaries` and the `products` that were made of them, and gives what it wrote. This comes last:
    /// what is made later is in no digest.
    pub(crate) fn write(
        &self,
        written: &Written,
        binaries: &[Binary],
        products: &[Artifact],
    ) -> Result<Vec<Artifact>, Error> {
        let Prepared { plan, rustc, .. } = &written.prepared;
        let mut documents = Vec::new();
        let mut bills = Vec::new();
        for binary in binaries {
            let bill = Bill::of(written, &binary.target)?.of_binary(&binary.data);
            let beside = |end: &str| binary.path.with_file_name(format!("{}.{end}", plan.name));
            for format in &self.sboms {
                documents.push(put("sbom", &beside(format.extension()), &format.render(&bill))?);
            }
            if self.notices {
                let runtime = Runtime::ask(rustc, &binary.target);
                let text = notices(&written.graph(&binary.target)?, plan, &runtime);
                documents.push(put("notices", &beside("notices.txt"), &text)?);
            }
            bills.push(bill);
        }
        let binaries = binaries.iter().map(|binary| Artifact::new("binary", &binary.path, &binary.data));
        let products: Vec<Artifact> = binaries.chain(products.iter().cloned()).collect();
        let products: Vec<&Artifact> = products.iter().collect();
        if self.provenance {
            let made: Vec<&Artifact> = documents.iter().collect();
            let text = provenance::render(written, &bills, &products, &made)?;
            let path = written.beside(&format!("{}.provenance.json", plan.name));
            documents.push(put("provenance", &path, &text)?);
        }
        if self.sums || self.key.is_some() {
            let all: Vec<&Artifact> = products.into_iter().chain(&documents).collect();
            let text = sums::render(&all, &written.output);
            documents.push(put("sums", &written.beside(sums::FILE), &text)?);
            if let Some(key) = &self.key {
                let comment = format!("{} of {} {}", sums::FILE, plan.name, plan.version);
                let signature = key.sign(text.as_bytes(), comment.trim_end())?;
                let path = written.beside(&format!("{}.minisig", sums::FILE));
                documents.push(put("signature", &path, &signature)?);
            }
        }
        Ok(documents)
    }
}

fn put(kind: &'static str, path: &Path, text: &str) -> Result<Artifact, Error> {
    replace::file(path, text.as_bytes(), 0o666)?;
    Ok(Artifact::new(kind, path, text.as_bytes()))
}
