//! What a distribution's packages say of it, whatever the format and the processor: read and checked before anything is compiled.

use slimcol_config::Issue;

use super::version;
use crate::{
    class::Class,
    distro::Prepared,
    error::Error,
    image::Created,
    manifest::{self, Findings, Manifest},
    report,
    resolve::Plan,
};

/// What packages say of a distribution.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The package's name, which is the binary's and the service's too.
    pub(crate) name: String,
    /// The version as the manifest has it.
    pub(crate) written_version: String,
    /// The version as package managers order it.
    pub(crate) version: String,
    /// How many times the version has been packaged, if the manifest says.
    pub(crate) release: Option<u32>,
    /// What the distribution is for, in a line.
    pub(crate) description: String,
    /// Who answers for the package.
    pub(crate) maintainer: String,
    /// Where there is more to read.
    pub(crate) homepage: Option<String>,
    /// The distribution's licence.
    pub(crate) license: String,
    /// Whom the service runs as.
    pub(crate) user: String,
    /// The group it runs in.
    pub(crate) group: String,
    /// What is in the collector, by class.
    pub(crate) components: Vec<(Class, String)>,
    /// The time of everything in the package.
    pub(crate) time: Created,
}

/// Debian's tools refuse files from before 1985, so 1970 will not do where no time is given. This is 1 January 2026.
const DEFAULT_TIME: u64 = 1_767_225_600;
/// What a distribution is that does not say, or not briefly.
const NAMELESS: &str = "OpenTelemetry collector distribution";
/// What packages without a maintainer have always said.
const NOBODY: &str = "Unset Maintainer <unset@localhost>";

impl Facts {
    /// The facts about a prepared distribution.
    pub(crate) fn of(prepared: &Prepared) -> Result<Self, Error> {
        let facts =
            Self::read(&prepared.manifest, &prepared.plan, Created::from_environment_or(DEFAULT_TIME)?)?;
        if prepared.manifest.dist.package.maintainer.is_none() {
            report::remark(&format!(
                "note: the manifest has no `dist.package.maintainer`, so the packages say `{NOBODY}`"
            ));
        }
        Ok(facts)
    }

    /// The facts about the distribution of `manifest`, which `plan` is made from. Everything that stands in the way of a
    /// package is reported at once.
    pub(super) fn read(manifest: &Manifest, plan: &Plan, time: Created) -> Result<Self, Error> {
        let mut findings = Findings::default();
        let said = &manifest.dist.package;
        if let Some(issue) = check_name(&plan.name) {
            findings.issue(issue.at(said.name_place.clone()));
        }
        let version = check_version(&plan.version).unwrap_or_else(|issue| {
            findings.issue(issue.at(said.version_place.clone()));
            String::new()
        });
        let user = said.user.as_deref().unwrap_or(&plan.name);
        // A name that cannot be a package's has been reported; it need not be reported for the user too.
        if said.user.is_none() && !manifest::is_account(user) && !findings.has_issues() {
            let issue = Issue::new(format!("the service cannot run as a user called `{user}`"));
            let help = "say whom it runs as with `dist.package.user`";
            findings.issue(issue.at(said.name_place.clone()).help(help));
        }
        if u32::try_from(time.seconds()).is_err() {
            findings.issue(Issue::new("SOURCE_DATE_EPOCH is later than an RPM can say (the year 2106)"));
        }
        findings.into_result()?;
        Ok(Self {
            name: plan.name.clone(),
            written_version: plan.version.clone(),
            version,
            release: said.release,
            description: one_line(&plan.description),
            maintainer: said.maintainer.clone().unwrap_or_else(|| NOBODY.to_owned()),
            homepage: said.homepage.clone(),
            license: said.license.clone().unwrap_or_else(|| "Apache-2.0".to_owned()),
            user: user.to_owned(),
            group: said.group.clone().unwrap_or_else(|| user.to_owned()),
            components: plan
                .components
                .iter()
                .map(|planned| (planned.component.class, planned.component.name.clone()))
                .collect(),
            time,
        })
    }

    /// The version as dpkg has it: with a revision if this version has been packaged before.
    pub(super) fn deb_version(&self) -> String {
        let Self { version, release, .. } = self;
        release.map_or_else(|| version.clone(), |release| format!("{version}-{release}"))
    }

    /// The release as rpm has it, which wants one.
    pub(super) fn rpm_release(&self) -> String {
        self.release.unwrap_or(1).to_string()
    }

    /// The time as rpm has it.
    pub(super) fn rpm_time(&self) -> u32 {
        u32::try_from(self.time.seconds()).expect("a time that is too late was reported")
    }

    /// What the distribution is, as short as lists of packages have it.
    pub(super) fn summary(&self) -> &str {
        let text = self.sentence();
        if text.chars().count() < 80 { text } else { NAMELESS }
    }

    /// The description without the full stop.
    pub(super) fn sentence(&self) -> &str {
        let text = self.description.trim_end_matches(['.', ' ']);
        if text.is_empty() { NAMELESS } else { text }
    }

    /// Whether the collector has the component.
    pub(super) fn has(&self, class: Class, name: &str) -> bool {
        self.components.iter().any(|(its, called)| *its == class && called == name)
    }
}

/// What is wrong with a package's name.
fn check_name(name: &str) -> Option<Issue> {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    if name.len() >= 2 && name.chars().all(legal) {
        return None;
    }
    let issue = Issue::new(format!("`{name}` cannot be a package's name"));
    let rule = "a package is called with two or more lower-case letters, digits, `-` and `.`";
    let better = name.to_ascii_lowercase().replace('_', "-");
    Some(match better.len() {
        0 | 1 => issue.help(rule),
        _ => issue.help(format!("{rule}: for example `{better}`")),
    })
}

fn check_version(version: &str) -> Result<String, Issue> {
    if version.is_empty() {
        let issue = Issue::new("a package needs a version, and the manifest has none");
        return Err(issue.help("say which with `dist.version`, for example `version: 1.0.0`"));
    }
    version::for_packages(version).map_err(|why| {
        Issue::new(why).help("write it with a digit first, then letters, digits, `.`, `-` and `+`")
    })
}

/// A description as the one line that unit files and control files have room for.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
