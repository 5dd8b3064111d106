//! Cases as they are written, and what is expected of a run.

use std::{collections::BTreeSet, fs, path::Path};

use crate::kit::command::Ended;

/// What is run, and what must come of it.
#[derive(Debug, Default)]
pub(crate) struct Case {
    /// The file and the title.
    pub(crate) name: String,
    pub(super) args: Vec<String>,
    pub(super) env: Vec<(String, String)>,
    pub(crate) files: Vec<(String, String)>,
    pub(crate) ours: Outcome,
    /// `None` if a live Go collector is not asked.
    pub(super) gos: Option<Outcome>,
}

/// What is expected of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    exit: i32,
    /// What stderr must contain. Without any, stderr is to be empty but for log lines.
    errors: Vec<String>,
    /// What stdout must contain.
    prints: Vec<String>,
    /// What stdout must not contain.
    silent: Vec<String>,
    /// All of stdout.
    exactly: Option<String>,
}

impl Outcome {
    /// Whether nothing is wrong.
    pub(crate) fn succeeds(&self) -> bool {
        self.exit == 0
    }

    /// Whether an error is expected that has one of `texts` in it.
    pub(crate) fn fails_with(&self, texts: &[&str]) -> bool {
        self.exit != 0 && self.errors.iter().any(|error| texts.iter().any(|text| error.contains(text)))
    }

    /// What is wrong with a run of the program `name`.
    pub(super) fn problems(&self, ended: &Ended, name: &str) -> Vec<String> {
        let mut problems = Vec::new();
        let said = || format!("stdout:\n{}stderr:\n{}", ended.stdout, ended.stderr);
        if ended.code != Some(self.exit) {
            problems.push(format!("exit code {:?}, not {}; {}", ended.code, self.exit, said()));
        }
        let named = |text: &String| text.replace("{name}", name);
        for text in self.errors.iter().map(named).filter(|text| !ended.stderr.contains(text)) {
            problems.push(format!("no `{text}` in stderr; {}", said()));
        }
        if self.errors.is_empty() && ended.stderr.contains("Error: ") {
            problems.push(format!("an error that nobody expects; {}", said()));
        }
        for text in self.prints.iter().map(named).filter(|text| !ended.stdout.contains(text)) {
            problems.push(format!("no `{text}` in stdout; {}", said()));
        }
        for text in self.silent.iter().map(named).filter(|text| ended.stdout.contains(text)) {
            problems.push(format!("`{text}` in stdout; {}", said()));
        }
        if let Some(text) =
            self.exactly.as_ref().map(named).filter(|text| text.trim_end() != ended.stdout.trim_end())
        {
            problems.push(format!("stdout is not\n{text}\nbut {}", said()));
        }
        problems
    }
}

/// All cases, file by file.
pub(crate) fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/parity/cases");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let cases: Vec<Case> = files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).unwrap();
            parse(file.file_stem().unwrap().to_str().unwrap(), &text)
        })
        .collect();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases of the same name");
    cases
}

fn parse(file: &str, text: &str) -> Vec<Case> {
    let mut parts = text.split("\n## ");
    let template =
        entries(parts.next().unwrap()).into_iter().find(|(key, _)| key == "template").map(|(_, text)| text);
    parts.map(|part| case(file, template.as_deref(), part)).collect()
}

fn case(file: &str, template: Option<&str>, text: &str) -> Case {
    let (title, body) = text.split_once('\n').unwrap_or((text, ""));
    let mut case = Case { name: format!("{file}: {title}"), ..Case::default() };
    let (mut live, mut sourced) = (true, false);
    let mut gos = None;
    for (key, value) in entries(body) {
        let block = || value.clone() + "\n";
        match key.as_str() {
            "args" => case.args = words(&value),
            "env" => case.env.push(value.split_once('=').map(|(k, v)| (k.into(), v.into())).unwrap()),
            "config" => case.files.push(("config.yaml".into(), block())),
            "here" => {
                let template = template.unwrap_or_else(|| panic!("{}: no template", case.name));
                case.files.push(("config.yaml".into(), template.replace("HERE", &value) + "\n"));
            }
            "exit" => case.ours.exit = value.parse().unwrap(),
            "error" => case.ours.errors.push(value),
            "prints" => case.ours.prints.push(value),
            "silent" => case.ours.silent.push(value),
            "exactly" => case.ours.exactly = Some(value),
            "live" => live = value != "no",
            // Go's outcome where ours differs on purpose.
            "differs" => gos = Some(Outcome::default()),
            "go-exit" => gos.as_mut().unwrap().exit = value.parse().unwrap(),
            "go-error" => gos.as_mut().unwrap().errors.push(value),
            "go-prints" => gos.as_mut().unwrap().prints.push(value),
            "source" => {
                assert!(
                    ["run", "src", "live", "ours"].contains(&value.as_str()),
                    "{}: source {value}",
                    case.name
                );
                live &= value != "ours";
                sourced = true;
            }
            key => match key.strip_prefix("file ") {
                Some(name) => case.files.push((name.into(), block())),
                None => panic!("{}: unknown key {key}", case.name),
            },
        }
    }
    assert!(sourced, "{}: where does the outcome come from?", case.name);
    let Outcome { errors, exit, .. } = &case.ours;
    assert!(*exit == 0 || !errors.is_empty(), "{}: a failure has a message", case.name);
    if case.args.is_empty() {
        case.args = ["validate", "--config", "config.yaml"].map(str::to_owned).to_vec();
    }
    case.gos = live.then(|| gos.unwrap_or_else(|| case.ours.clone()));
    case
}

/// `key: value` lines; a value that is not on its key's line is all the lines indented by two blanks behind it.
pub(super) fn entries(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let (Some(inner), Some((_, value))) = (line.strip_prefix("  "), found.last_mut()) {
            if !value.is_empty() {
                value.push('\n');
            }
            value.push_str(inner);
        } else if !line.trim().is_empty() && !line.starts_with('#') {
            let (key, value) = line.split_once(':').unwrap_or_else(|| panic!("no key in {line:?}"));
            found.push((key.into(), value.trim().into()));
        }
    }
    found
}

/// Words as a shell takes them, with single quotes only.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut open, mut any) = (String::new(), false, false);
    for c in line.chars() {
        match c {
            '\'' => (open, any) = (!open, true),
            ' ' if !open => {
                if any {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            c => {
                word.push(c);
                any = true;
            }
        }
    }
    if any {
        words.push(word);
    }
    words
}
