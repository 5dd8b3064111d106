//! A report as one page that needs nothing besides itself.

use minijinja::{Environment, Value, context};

use super::{
    report::{Report, Share},
    table::thousands,
};
use crate::{error::Error, report::megabytes};

/// Its name ends in what makes the engine escape values.
const NAME: &str = "size.html";
const PAGE: &str = include_str!("../../../templates/size/page.html.jinja");
const STYLE: &str = include_str!("../../../templates/size/style.css");
const SCRIPT: &str = include_str!("../../../templates/size/map.js");

/// The page.
pub(crate) fn html(report: &Report) -> Result<String, Error> {
    // An element that holds a script ends at the first `</`, wherever that stands.
    let json =
        serde_json::to_string(report).expect("texts and numbers are always JSON").replace('<', "\\u003c");
    let largest = report.crates.first().map_or(0, Share::bytes);
    let percent = |bytes: u64| format!("{:.2}", ratio(bytes, report.bytes) * 100.0);
    let width = |bytes: u64| format!("{:.1}", (ratio(bytes, largest) * 100.0).min(100.0));
    let components = report.components.iter().map(|component| {
        context! {
            id => &component.id,
            packages => &component.packages,
            code => thousands(component.code),
            constants => thousands(component.constants),
            bytes => thousands(component.bytes()),
        }
    });
    let crates = report.crates.iter().map(|share| {
        context! {
            name => &share.name,
            version => &share.version,
            holder => share.holder.to_string(),
            code => thousands(share.code),
            constants => thousands(share.constants),
            bytes => thousands(share.bytes()),
            percent => percent(share.bytes()),
            width => width(share.bytes()),
        }
    });
    let rest = report.rest.iter().map(|rest| {
        context! {
            what => &rest.what,
            bytes => thousands(rest.bytes),
            percent => percent(rest.bytes),
            width => width(rest.bytes),
        }
    });
    let page = context! {
        name => &report.name,
        version => &report.version,
        target => &report.target,
        megabytes => megabytes(report.bytes),
        code => megabytes(report.code),
        bytes => thousands(report.bytes),
        components => components.collect::<Vec<_>>(),
        crates => crates.collect::<Vec<_>>(),
        rest => rest.collect::<Vec<_>>(),
        slimcol => env!("CARGO_PKG_VERSION"),
        style => Value::from_safe_string(STYLE.to_owned()),
        script => Value::from_safe_string(SCRIPT.to_owned()),
        report => Value::from_safe_string(json),
    };
    let broken = |e: minijinja::Error| Error::Other(format!("the page's template does not render: {e}"));
    let mut environment = Environment::new();
    environment.add_template(NAME, PAGE).map_err(broken)?;
    environment.get_template(NAME).and_then(|template| template.render(page)).map_err(broken)
}

/// One number as a part of another, for people to look at.
#[allow(clippy::cast_precision_loss, reason = "it is shown with two digits")]
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
