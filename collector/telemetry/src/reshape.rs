//! Views: instruments that are dropped, named anew, or lose labels.

use slimcol_config::View;
use slimcol_service::meter::{Family, Metric, Point};

/// What `views` make of `metrics`. Several views that pick one instrument show it several times, as in Go.
pub(crate) fn apply(views: &[View], metrics: Vec<Metric>) -> Vec<Metric> {
    if views.is_empty() {
        return metrics;
    }
    let mut shown = Vec::new();
    for metric in metrics {
        let mut picked = views.iter().filter(|view| picks(view, metric.family)).peekable();
        if picked.peek().is_none() {
            shown.push(metric);
            continue;
        }
        shown.extend(picked.filter(|view| !view.drop).map(|view| reshaped(view, &metric)));
    }
    shown
}

fn picks(view: &View, family: &Family) -> bool {
    let matches =
        |pattern: &str, name: &str| pattern.is_empty() || is_like(pattern.as_bytes(), name.as_bytes());
    matches(&view.instrument, &family.name.replace('.', "_")) && matches(&view.meter, family.scope)
}

/// Whether `name` is like `pattern`, in which `*` stands for any text and `?` for any character.
fn is_like(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => (0..=name.len()).any(|at| is_like(rest, &name[at..])),
        (Some((b'?', rest)), Some((_, after))) => is_like(rest, after),
        (Some((wanted, rest)), Some((char, after))) => wanted == char && is_like(rest, after),
        _ => false,
    }
}

fn reshaped(view: &View, metric: &Metric) -> Metric {
    let keeps = |name: &str| {
        let listed = |list: &[String]| list.iter().any(|listed| listed == name);
        view.included.as_ref().is_none_or(|included| listed(included)) && !listed(&view.excluded)
    };
    let mut shown = Metric { points: Vec::new(), ..metric.clone() };
    if !view.name.is_empty() {
        shown.name.clone_from(&view.name);
    }
    if !view.description.is_empty() {
        shown.help.clone_from(&view.description);
    }
    for point in &metric.points {
        let labels = point.labels.iter().filter(|(name, _)| keeps(name)).cloned().collect();
        shown.add(Point { labels, value: point.value.clone() });
    }
    shown
}
