//! The texts in packages, from their templates.

use std::{collections::BTreeMap, io};

use minijinja::{Environment, Value};

use super::{Facts, needs};
use crate::{class::Class, image::Created};

/// Renders `template` with what it may say of the distribution.
pub(super) fn render(template: &str, facts: &Facts) -> io::Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.add_filter("roff", |text: String| roff(&text));
    environment.add_filter("unit", |text: String| text.replace('\\', "\\\\").replace('%', "%%"));
    environment.add_filter("control", |text: String| paragraph(&text));
    let broken = |e: minijinja::Error| io::Error::other(format!("a template does not render: {e:#}"));
    let text = environment.render_str(template, context(facts)).map_err(broken)?;
    Ok(text.trim_end().to_owned() + "\n")
}

fn context(facts: &Facts) -> BTreeMap<&'static str, Value> {
    let components = Class::ALL.into_iter().filter_map(|class| {
        let names: Vec<&str> =
            facts.components.iter().filter(|(its, _)| *its == class).map(|(_, name)| &**name).collect();
        let kind = || BTreeMap::from([("section", class.section().to_owned()), ("names", names.join(", "))]);
        (!names.is_empty()).then(kind)
    });
    BTreeMap::from([
        ("name", Value::from(&*facts.name)),
        ("version", Value::from(&*facts.version)),
        ("written_version", Value::from(&*facts.written_version)),
        ("deb_version", Value::from(facts.deb_version())),
        ("summary", Value::from(facts.summary())),
        ("description", Value::from(facts.sentence())),
        ("maintainer", Value::from(&*facts.maintainer)),
        ("homepage", Value::from(facts.homepage.as_deref().unwrap_or_default())),
        ("license", Value::from(&*facts.license)),
        ("user", Value::from(&*facts.user)),
        ("group", Value::from(&*facts.group)),
        ("joins", Value::from(needs::groups(facts))),
        ("watches_host", Value::from(needs::watches_host(facts))),
        ("components", components.map(Value::from).collect()),
        ("date", Value::from(facts.time.to_string()[..10].to_owned())),
        ("mail_date", Value::from(mail_date(facts.time))),
    ])
}

/// Text that means nothing to roff.
fn roff(text: &str) -> String {
    let escaped = text.replace('\\', "\\e").replace('-', "\\-");
    if escaped.starts_with(['.', '\'']) { format!("\\&{escaped}") } else { escaped }
}

/// Text as the long description in a control file: lines of at most 79 characters that begin with a blank.
fn paragraph(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        if lines.last().is_some_and(|line| line.chars().count() + 1 + word.chars().count() > 79) {
            lines.push(String::new());
        }
        let line = lines.last_mut().expect("there is always a line");
        line.push(' ');
        line.push_str(word);
    }
    lines.join("\n")
}

/// A time as mails and Debian's changelogs write it.
fn mail_date(time: Created) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = time.to_string();
    // 1970 began on a Thursday.
    let day = usize::try_from(time.seconds() / 86_400 % 7).map_or("", |day| DAYS[day]);
    let month = text[5..7].parse::<usize>().map_or("", |month| MONTHS[month - 1]);
    format!("{day}, {} {month} {} {} +0000", &text[8..10], &text[..4], &text[11..19])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_mails_have_them() {
        let created = |text| Created::parse(text).unwrap();
        assert_eq!(mail_date(created("1700000000")), "Tue, 14 Nov 2023 22:13:20 +0000");
        assert_eq!(mail_date(created("951782400")), "Tue, 29 Feb 2000 00:00:00 +0000");
        assert_eq!(mail_date(created("1767225600")), "Thu, 01 Jan 2026 00:00:00 +0000");
    }

    #[test]
    fn text_is_only_text() {
        assert_eq!(roff(".SH a-b\\c"), "\\&.SH a\\-b\\ec");
        assert_eq!(paragraph("a  b\nc"), " a b c");
        let long = paragraph(&"word ".repeat(40));
        assert!(long.lines().all(|line| line.starts_with(" word") && line.len() <= 79), "{long}");
        assert_eq!(long.split_whitespace().count(), 40);
    }
}
