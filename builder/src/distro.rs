//! One distribution on its way from a manifest to binaries. Every command that builds goes this way, as far as it needs.

mod authored;
mod demands;
mod output;
mod read;
mod trial;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use slimcol_config::{Node, Place};

use crate::{
    cargo::Rustc,
    compile::{self, Compiled, Job, Rest, Show, Unit},
    derive::Configuration,
    error::{Doing as _, Error},
    generate::{self, Workspace},
    graph::Graph,
    interrupt, lock,
    lockfile::{self, Distribution, LockFile, Locking},
    manifest::{Manifest, Strictness},
    replace,
    resolve::Plan,
    size::{self, Size},
    source::{self, SourceTree},
    supply,
    vendor::Vendored,
};

pub(crate) use self::{
    authored::Authored,
    read::{Read, read},
};

/// What a command was asked to build.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a choice of the user's of its own")]
pub(crate) struct Request {
    /// The manifest.
    pub(crate) manifest: Option<PathBuf>,
    /// The configurations to derive a manifest from, in place of one.
    pub(crate) configs: Vec<PathBuf>,
    /// What the distribution is called that has no manifest.
    pub(crate) name: Option<String>,
    /// Where everything goes, if not where the manifest says.
    pub(crate) output: Option<PathBuf>,
    /// What to compile for; nothing is this machine.
    pub(crate) targets: Vec<String>,
    /// The sources, if not the usual ones.
    pub(crate) source: Option<PathBuf>,
    /// Where compiled crates are kept, if not in the usual place.
    pub(crate) target_dir: Option<PathBuf>,
    /// Whether anything may be fetched.
    pub(crate) network: bool,
    /// The folder that everything is taken from, if there is one.
    pub(crate) vendor: Option<PathBuf>,
    /// The same once it is opened.
    pub(crate) vendored: Option<Vendored>,
    /// What is done about the lock file.
    pub(crate) locking: Locking,
    /// The lock file, if not the one beside the manifest.
    pub(crate) lock_file: Option<PathBuf>,
    /// How strictly versions are compared.
    pub(crate) strictness: Strictness,
    /// Whether components that Slimcol does not have are left out.
    pub(crate) skip_missing: bool,
    /// Whether the configuration goes into the binary.
    pub(crate) embed_config: bool,
    /// How many bytes the binary may have, in place of the manifest's `dist.max_size`.
    pub(crate) max_size: Option<Size>,
    /// How much of the compiler's work is shown.
    pub(crate) show: Show,
}

/// A distribution as values: nothing is written before all of it is right.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// What was asked for.
    pub(crate) request: Request,
    /// The manifest as written or derived.
    pub(crate) manifest: Manifest,
    /// The configurations that it was derived from, which the collector must take.
    pub(crate) configurations: Vec<Configuration>,
    /// What it means.
    pub(crate) plan: Plan,
    /// The workspace to be written.
    pub(crate) workspace: Workspace,
    /// The sources that it is made from.
    pub(crate) source: SourceTree,
    /// The folder that everything goes to.
    pub(crate) output: PathBuf,
    /// The compiler.
    pub(crate) rustc: Rustc,
    /// What to compile for, at least one.
    pub(crate) targets: Vec<String>,
    /// The configuration that the distribution starts with.
    pub(crate) config: Option<String>,
    /// What the distribution is held to.
    lock: Option<LockFile>,
}

/// A distribution whose workspace is on the disk, with its crates fetched. Nobody else builds there meanwhile.
#[derive(Debug)]
pub(crate) struct Written {
    /// What it was made from.
    pub(crate) prepared: Prepared,
    /// The workspace's folder.
    pub(crate) folder: PathBuf,
    /// The folder that everything goes to, without symbolic links.
    pub(crate) output: PathBuf,
    _lock: File,
}

/// A compiled collector.
#[derive(Debug)]
pub(crate) struct Binary {
    /// What it runs on.
    pub(crate) target: String,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// The file as it ships.
    pub(crate) data: Vec<u8>,
    /// The file as it was linked, with its symbols.
    pub(crate) symbols: Vec<u8>,
    /// The crates in it.
    pub(crate) graph: Graph,
    /// The files it was linked from.
    pub(crate) units: Vec<Unit>,
}

impl Prepared {
    /// Reads and resolves everything that `request` names.
    pub(crate) fn new(mut request: Request) -> Result<Self, Error> {
        interrupt::watch()?;
        Vendored::apply(&mut request)?;
        let Read { source, index, manifest, mut plan, configurations, lock, .. } = read::read(&request)?;
        let config = read::config(&request, &manifest, &plan, &configurations)?;
        plan.embedded = config.clone().filter(|_| request.embed_config);
        let locked = lock.as_ref().and_then(LockFile::locked);
        let mut workspace = generate::workspace(&plan, &index, &source, locked)?;
        workspace.cargo_config = request.vendored.as_ref().map(|vendored| vendored.cargo_config().to_owned());
        let output = output::folder(request.output.as_deref(), &manifest)?;
        let rustc = Rustc::ask()?;
        let mut targets = request.targets.clone();
        if targets.is_empty() {
            targets.push(rustc.host.clone());
        }
        for target in &targets {
            Rustc::check_target(target)?;
        }
        // What was left out a collector would not know.
        let complete = plan.components.len() == manifest.entries.len();
        let configurations = if complete { configurations } else { Vec::new() };
        Ok(Self {
            request,
            manifest,
            configurations,
            plan,
            workspace,
            source,
            output,
            rustc,
            targets,
            config,
            lock,
        })
    }

    /// Writes the workspace and fetches its crates. Waits while another build works in the same folder.
    pub(crate) fn write(self) -> Result<Written, Error> {
        let lock = lock::folder(&self.output)?;
        replace::clear(&self.output);
        for target in &self.targets {
            replace::clear(&self.output.join(target));
        }
        let (workspace, network) = (&self.workspace, self.request.network);
        let agree = |folder: &Path| self.agree(folder);
        let folder = generate::write(workspace, &self.output, &self.targets, network, agree)?;
        self.written(&folder, lock)
    }

    /// Takes the workspace that is there already, if it is the one that would be written.
    pub(crate) fn reuse(self) -> Result<Written, Error> {
        let folder = output::existing(&self.output, &self.workspace)?;
        let lock = lock::folder(&self.output)?;
        self.agree(&folder)?;
        self.written(&folder, lock)
    }

    /// Holds the workspace in `folder`, which is settled, to what the manifest demands of it, and brings the lock file and
    /// the workspace together.
    fn agree(&self, folder: &Path) -> Result<(), Error> {
        demands::check(&self.plan, folder, &self.targets)?;
        let Some(lock) = &self.lock else { return Ok(()) };
        lock.settle(self.of_workspace(folder)?)
    }

    fn of_workspace(&self, folder: &Path) -> Result<Distribution, Error> {
        let pins = self.plan.components.iter().filter_map(|planned| planned.pin.clone()).collect();
        Distribution::of_workspace(&self.workspace, folder, &self.rustc, pins)
    }

    fn written(self, folder: &Path, lock: File) -> Result<Written, Error> {
        let output = self.output.canonicalize().doing("read", &self.output)?;
        let folder = folder.canonicalize().doing("read", folder)?;
        Ok(Written { prepared: self, folder, output, _lock: lock })
    }
}

impl Written {
    /// The text of the lock file of a folder whose only manifest is this one, called `manifest`.
    pub(crate) fn lock_of(&self, manifest: &str) -> Result<String, Error> {
        Ok(lockfile::of_one(manifest, self.prepared.of_workspace(&self.folder)?))
    }

    /// The crates that the collector for `target` is made of.
    pub(crate) fn graph(&self, target: &str) -> Result<Graph, Error> {
        Graph::read(&self.folder, target, &self.prepared.plan)
    }

    /// Compiles the collector for `target`, holds it to its budget, and leaves it at its place: the output folder, or with
    /// several targets a folder of the target's name in it. A binary that is too big is not put there.
    pub(crate) fn compile(&self, target: &str) -> Result<Binary, Error> {
        let binary = self.link(target)?;
        size::budget::check(self, &binary)?;
        if let Some(parent) = binary.path.parent() {
            fs::create_dir_all(parent).doing("create", parent)?;
        }
        replace::file(&binary.path, &binary.data, 0o777)?;
        if trial::is_possible(target, &self.prepared.rustc.host) {
            trial::validate(&binary.path, &self.prepared.configurations)?;
        }
        Ok(binary)
    }

    /// Compiles the collector for `target` without leaving it anywhere.
    pub(crate) fn link(&self, target: &str) -> Result<Binary, Error> {
        let Prepared { request, plan, manifest, workspace, rustc, targets, .. } = &self.prepared;
        let graph = self.graph(target)?;
        supply::check(&graph, plan, manifest.dist.licenses.as_ref())?;
        let audit = supply::audit(&graph, plan);
        let path = output::binary(&self.output, &plan.name, target, targets);
        let target_dir = match &request.target_dir {
            Some(given) => given.clone(),
            None => source::cache_folder()?.join("target"),
        };
        let job = Job {
            workspace: &self.folder,
            package: &workspace.package,
            target,
            target_dir: &target_dir,
            network: request.network,
            crates: request.vendored.as_ref().map(Vendored::crates),
            lto: plan.lto,
            rest: if plan.debug { Rest::Kept } else { Rest::Dropped },
            audit: Some(&audit),
            show: request.show,
        };
        let Compiled { data, symbols, units } = compile::compile(&job, rustc)?;
        Ok(Binary { target: target.to_owned(), path, data, symbols, graph, units })
    }

    /// Has a collector confirm a configuration that ships with it, where this machine can run it.
    pub(crate) fn confirm(&self, binary: &Binary, name: &str, text: &str) -> Result<(), Error> {
        if !trial::is_possible(&binary.target, &self.prepared.rustc.host) {
            return Ok(());
        }
        let root = Node::empty(Place::named(name));
        let configuration =
            Configuration { name: name.to_owned(), text: text.to_owned(), files: Vec::new(), root };
        trial::validate(&binary.path, &[configuration])
    }

    /// The path of a file that belongs to the distribution, beside its binaries.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.output.join(name)
    }
}
