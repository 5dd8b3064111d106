//! Extensions that need others.

use super::*;

fn with(extensions: &str, order: &str) -> Bed {
    Bed::new(&format!(
        "receivers: {{fake: }}\nexporters: {{fake: }}\nextensions: {{{extensions}}}\nservice:\n  extensions: [{order}]\n  \
         pipelines: {{logs: {{receivers: [fake], exporters: [fake]}}}}\n"
    ))
}

#[tokio::test]
async fn start_behind_those_they_depend_on_and_stop_before_them() {
    for (extensions, order, expected) in [
        ("fake/a: , fake/b: {depends_on: [fake/c]}, fake/c: ", "fake/b, fake/a, fake/c", "a c b"),
        (
            "fake/a: {depends_on: [fake/b, fake/c]}, fake/b: {depends_on: [fake/c]}, fake/c: ",
            "fake/a, fake/b, fake/c",
            "c b a",
        ),
        ("fake/a: , fake/b: , fake/c: {depends_on: []}", "fake/c, fake/a, fake/b", "c a b"),
    ] {
        let bed = with(extensions, order);
        live(&bed, &[Order::Terminate]).await.unwrap();
        let log = bed.log();
        let names = |end: &str| -> Vec<String> {
            let named = log.iter().filter_map(|line| line.strip_prefix("extension fake/")?.strip_suffix(end));
            named.map(str::to_owned).collect()
        };
        let started = names(": Extension started.");
        assert_eq!(started.join(" "), expected, "{extensions}");
        let mut stopped = names(": stop");
        stopped.reverse();
        assert_eq!(stopped, started);
    }
}

#[tokio::test]
async fn that_are_not_there_or_need_each_other_are_refused() {
    for (extensions, order, error) in [
        (
            "fake/a: {depends_on: [fake/b]}, fake/b: ",
            "fake/a",
            "failed to build extensions: unable to find extension fake/b on which extension fake/a depends",
        ),
        (
            "fake/a: {depends_on: [fake/a]}",
            "fake/a",
            "failed to build extensions: unable to order extensions by dependencies, \
             cycle found [fake/a -> fake/a]: topo: no topological ordering",
        ),
        (
            "fake: , fake/a: {depends_on: [fake/b]}, fake/b: {depends_on: [fake, fake/c]}, fake/c: {depends_on: [fake/b]}",
            "fake, fake/a, fake/b, fake/c",
            "failed to build extensions: unable to order extensions by dependencies, \
             cycle found [fake/c -> fake/b -> fake/c]: topo: no topological ordering",
        ),
    ] {
        assert_eq!(live(&with(extensions, order), &[]).await.unwrap_err(), error);
    }
}
