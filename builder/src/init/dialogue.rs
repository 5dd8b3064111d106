//! Asking somebody at a terminal what to include, with what each choice costs.
//!
//! Lines in, lines out: it works on every terminal, in a log, and over a slow connection.

use std::io::{self, BufRead, Write};

use slimcol_config::nearest;

use super::{Choice, Distribution};
use crate::{
    catalogue::{Catalogue, Component, kib},
    class::Class,
};

/// Asks for everything, `proposal` being what Enter takes. Nothing if whoever is asked says no, or goes away.
pub(crate) fn ask(
    input: &mut impl BufRead,
    output: &mut impl Write,
    catalogue: &Catalogue,
    proposal: Distribution,
) -> io::Result<Option<Distribution>> {
    let Distribution { mut name, mut choice } = proposal;
    writeln!(
        output,
        "A collector of your own. Enter takes what is proposed; Ctrl-D ends, and nothing is written.\n"
    )?;
    loop {
        let Some(answer) = answer(input, output, &format!("What is it called? [{name}] "))? else {
            return Ok(None);
        };
        if answer.is_empty() {
            break;
        }
        let proposed = super::name_of(std::path::Path::new(&answer));
        if proposed == answer {
            name = answer;
            break;
        }
        writeln!(output, "A binary cannot be called that.")?;
        name = proposed;
    }
    loop {
        for class in Class::ALL {
            if !choose(input, output, catalogue, class, &mut choice)? {
                return Ok(None);
            }
        }
        match choice.check(catalogue) {
            Ok(()) => break,
            Err(what) => writeln!(output, "\nThat is not enough: {what}.")?,
        }
    }
    let chosen = choice.of(catalogue);
    let names: Vec<&str> = chosen.iter().map(|component| component.declared.name.as_str()).collect();
    writeln!(output, "\n{name}: {}{}", names.join(", "), together(&chosen))?;
    let Some(answer) = answer(input, output, "Write it? [Y/n] ")? else { return Ok(None) };
    let yes = answer.is_empty() || matches!(answer.to_lowercase().as_str(), "y" | "yes");
    Ok(yes.then_some(Distribution { name, choice }))
}

/// Asks for the components of a class until nothing changes. Whether there was an answer.
fn choose(
    input: &mut impl BufRead,
    output: &mut impl Write,
    catalogue: &Catalogue,
    class: Class,
    choice: &mut Choice,
) -> io::Result<bool> {
    let components: Vec<&Component> =
        catalogue.components.iter().filter(|component| component.declared.class == class).collect();
    if components.is_empty() {
        return Ok(true);
    }
    loop {
        writeln!(output, "\n{}", class.section())?;
        for (number, component) in (1..).zip(&components) {
            writeln!(output, "{}", line(number, component, choice.has(component)))?;
        }
        let Some(answer) = answer(input, output, "Switch which (numbers or names)? [none] ")? else {
            return Ok(false);
        };
        let words = answer.split([' ', ',']).filter(|word| !word.is_empty());
        let mut switched = false;
        for word in words {
            match find(word, &components) {
                Ok(component) => {
                    choice.switch(component);
                    switched = true;
                }
                Err(what) => writeln!(output, "{what}")?,
            }
        }
        if !switched && answer.is_empty() {
            return Ok(true);
        }
    }
}

fn find<'c>(word: &str, components: &[&'c Component]) -> Result<&'c Component, String> {
    if let Ok(number) = word.parse::<usize>() {
        let found = number.checked_sub(1).and_then(|at| components.get(at));
        return found.copied().ok_or_else(|| format!("There is no number {word}."));
    }
    let found = components.iter().find(|component| component.declared.keys().any(|key| key == word));
    found.copied().ok_or_else(|| {
        let names = components.iter().flat_map(|component| component.declared.keys());
        match nearest(word, names) {
            Some(name) => format!("There is no `{word}`. Did you mean `{name}`?"),
            None => format!("There is no `{word}`."),
        }
    })
}

fn line(number: usize, component: &Component, chosen: bool) -> String {
    let mark = if chosen { 'x' } else { ' ' };
    let cost = component.cost.map_or_else(|| "not measured".to_owned(), kib);
    let about: String = component.description.chars().take(52).collect();
    format!("{number:>3} [{mark}] {:<18} {about:<52} {cost:>12}", component.declared.name)
}

/// What the chosen ones cost, if all were measured. What two of them share is in both figures.
fn together(chosen: &[&Component]) -> String {
    let costs: Option<Vec<u64>> = chosen.iter().map(|component| component.cost).collect();
    match costs {
        Some(costs) => format!("; at most {} above the smallest collector", kib(costs.iter().sum())),
        None => String::new(),
    }
}

/// One answer without blanks around it; nothing at the end of the input.
fn answer(input: &mut impl BufRead, output: &mut impl Write, question: &str) -> io::Result<Option<String>> {
    /// Nobody types more.
    const LONGEST: u64 = 4096;
    write!(output, "{question}")?;
    output.flush()?;
    let mut line = String::new();
    io::Read::take(&mut *input, LONGEST).read_line(&mut line)?;
    Ok((!line.is_empty()).then(|| line.trim().to_owned()))
}

#[cfg(test)]
mod tests;
