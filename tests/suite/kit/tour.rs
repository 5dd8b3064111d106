//! A document's tour: its code blocks as something to run. A mark in a comment before a block says what it is, so that readers
//! see nothing of it; within a tour every block has one.
//!
//! ```text
//! <!-- tour -->                          the tour begins
//! <!-- tour: file PATH -->               the next block is this file
//! <!-- tour: run -->                     the next block is commands, none of which fails
//! <!-- tour: run until TEXT -->          the same, but the last command is stopped once it has printed TEXT, and ends well then
//! <!-- tour: prints COMMAND -->          the next block is what COMMAND prints, whether it fails or not
//! <!-- tour: prints -->                  the same; COMMAND is the block's first line, behind `$ `
//! <!-- tour: do COMMAND -->              a command that readers need not see
//! <!-- tour: not run: REASON -->         the next block is left alone
//! <!-- /tour -->                         the tour ends
//! ```
//!
//! In what a command prints, `…` stands for anything within a line, and for any lines where it has one for itself.

mod script;
mod tests;

/// A part of a tour.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Writes a file.
    File(String, String),
    /// Runs commands.
    Run(String),
    /// Runs commands, the last of which is stopped once it has printed the text.
    Until(String, String),
    /// Compares what a command prints.
    Prints(String, String),
}

/// The tour of a document; the error says what is wrong with a line of it.
pub(crate) fn read(document: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut mark: Option<&str> = None;
    let mut inside = false;
    let mut lines = document.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let wrong = |what: &str| format!("line {}: {what}", number + 1);
        let comment = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->"));
        match comment {
            Some("tour") => inside = true,
            Some("/tour") => inside = false,
            Some(comment) if inside && comment.starts_with("tour: ") => {
                let text = &comment["tour: ".len()..];
                if mark.is_some() {
                    return Err(wrong("the mark before this one has no block"));
                }
                match text.strip_prefix("do ") {
                    Some(command) => steps.push(Step::Run(format!("{command}\n"))),
                    None => mark = Some(text),
                }
            }
            _ if inside && line.starts_with("```") => {
                let mut block = String::new();
                for (_, line) in lines.by_ref().take_while(|(_, line)| *line != "```") {
                    block.push_str(line);
                    block.push('\n');
                }
                let mark = mark.take().ok_or_else(|| wrong("a block of the tour without a mark"))?;
                steps.extend(step(mark, block).map_err(|what| wrong(&what))?);
            }
            _ => {}
        }
    }
    if inside || mark.is_some() {
        return Err("the tour does not end".to_owned());
    }
    Ok(steps)
}

fn step(mark: &str, block: String) -> Result<Option<Step>, String> {
    let (word, rest) = mark.split_once(' ').unwrap_or((mark, ""));
    Ok(Some(match (word, rest) {
        ("file", path) if !path.is_empty() => Step::File(path.to_owned(), block),
        ("run", "") => Step::Run(block),
        ("run", rest) if rest.starts_with("until ") => Step::Until(block, rest["until ".len()..].to_owned()),
        ("prints", command) if !command.is_empty() => Step::Prints(command.to_owned(), block),
        ("prints", "") => {
            let shown = block.strip_prefix("$ ").and_then(|block| block.split_once('\n'));
            let (command, text) = shown.ok_or("the block does not begin with `$ ` and a command")?;
            Step::Prints(command.to_owned(), text.to_owned())
        }
        ("not", rest) if rest.len() > "run: ".len() && rest.starts_with("run: ") => return Ok(None),
        _ => return Err(format!("`{mark}` is no mark")),
    }))
}

/// All steps as one script for bash, which says before each what its number is.
pub(crate) fn script(steps: &[Step]) -> String {
    script::of(steps)
}

/// Panics unless every step did what the document says, judged by what the script printed.
pub(crate) fn compare(steps: &[Step], printed: &str) {
    let parts = script::parts(printed);
    for (number, step) in steps.iter().enumerate() {
        let Some(part) = parts.get(&number) else {
            panic!("step {number} was not reached: {step:?}\n{printed}")
        };
        if let Step::Prints(command, expected) = step {
            assert!(matches(expected, part), "`{command}` prints\n{part}\nand should print\n{expected}");
        }
    }
}

/// Whether `text` is what `pattern` says.
fn matches(pattern: &str, text: &str) -> bool {
    fn lines(pattern: &[&str], text: &[&str]) -> bool {
        match (pattern, text) {
            ([], text) => text.is_empty(),
            (["…", rest @ ..], text) => (0..=text.len()).any(|skipped| lines(rest, &text[skipped..])),
            ([first, rest @ ..], [line, more @ ..]) => within(first, line) && lines(rest, more),
            (_, []) => false,
        }
    }
    fn within(pattern: &str, line: &str) -> bool {
        let Some((start, rest)) = pattern.split_once('…') else { return pattern == line };
        let Some(line) = line.strip_prefix(start) else { return false };
        (0..=line.len()).filter(|at| line.is_char_boundary(*at)).any(|at| within(rest, &line[at..]))
    }
    lines(&pattern.lines().collect::<Vec<_>>(), &text.lines().collect::<Vec<_>>())
}
