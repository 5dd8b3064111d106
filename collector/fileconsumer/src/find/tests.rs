use std::fs;

use slimcol_config::from_yaml;

use super::*;

/// The names of the files that are found, of those in a folder, and what went wrong.
fn find(names: &[&str], yaml: &str) -> (Vec<String>, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    for name in names {
        fs::write(dir.path().join(name), "x").unwrap();
    }
    let here = dir.path().to_str().unwrap();
    let config: Config = from_yaml(&yaml.replace("HERE", here)).unwrap();
    assert_eq!(config.problem(), None, "{yaml}");
    let (paths, errors) = Finder::new(&config).unwrap().find(SystemTime::now());
    let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    (paths.into_iter().map(name).collect(), errors.into_iter().map(|e| e.replace(here, "HERE")).collect())
}

#[test]
fn files_are_excluded_and_ordered() {
    let names = ["a.1.log", "a.2.log", "a.10.log", "b.3.log", "b.4.log", "c.txt"];
    let numeric = "regex: '\\.(?P<n>\\d+)\\.log', sort_by: [{sort_type: numeric, regex_key: n";
    let cases = [
        ("include: [HERE/*.log], exclude: ['HERE/a*']", vec!["b.3.log", "b.4.log"]),
        ("include: ['HERE/b*', HERE/b.3.log]", vec!["b.3.log", "b.4.log"]),
        (&format!("include: [HERE/*.log], ordering_criteria: {{{numeric}}}]}}"), vec!["a.10.log"]),
        (
            &format!("include: [HERE/*.log], ordering_criteria: {{top_n: 2, {numeric}, ascending: true}}]}}"),
            vec!["a.1.log", "a.2.log"],
        ),
        (
            &format!("include: [HERE/*.log], ordering_criteria: {{top_n: 0, {numeric}}}]}}"),
            vec!["a.10.log", "b.4.log", "b.3.log", "a.2.log", "a.1.log"],
        ),
        (
            &format!("include: [HERE/*.log], ordering_criteria: {{group_by: '/(.)[^/]*$', {numeric}}}]}}"),
            vec!["a.10.log", "b.4.log"],
        ),
        (
            "include: [HERE/*.log], ordering_criteria: {regex: '/(?P<k>[^/]*)$', top_n: 1, \
             sort_by: [{sort_type: alphabetical, regex_key: k}]}",
            vec!["b.4.log"],
        ),
    ];
    for (yaml, expected) in cases {
        assert_eq!(
            find(&names, &format!("{{{yaml}}}")),
            (expected.into_iter().map(String::from).collect(), vec![])
        );
    }
}

#[test]
fn times_are_in_the_order_of_time() {
    let names = ["a.02-Jan-2024", "a.30-Dec-2023", "a.soon"];
    let yaml = "{include: ['HERE/*'], ordering_criteria: {regex: 'a\\.(?P<t>.*)$', top_n: 0, sort_by: \
                [{sort_type: timestamp, regex_key: t, layout: '%d-%b-%Y', location: UTC, ascending: true}]}}";
    let (paths, errors) = find(&names, yaml);
    assert_eq!(paths, ["a.30-Dec-2023", "a.02-Jan-2024"]);
    assert_eq!(errors.len(), 1, "{errors:?}");
}

#[test]
fn what_cannot_be_ordered_is_told() {
    let yaml = "{include: ['HERE/*'], ordering_criteria: {regex: '/a(?P<n>[^/]*)$', top_n: 0, \
                sort_by: [{sort_type: numeric, regex_key: n}]}}";
    let (paths, errors) = find(&["a1", "ax", "b1"], yaml);
    assert_eq!(paths, ["a1"]);
    let expected = ["'HERE/b1' does not match regex", "strconv.Atoi: parsing \"x\": invalid syntax"];
    assert_eq!(errors, expected);
}

#[test]
fn old_files_are_left_out() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("old");
    fs::write(&path, "x").unwrap();
    let yaml = format!("{{include: [{}], exclude_older_than: 1m}}", path.display());
    let finder = Finder::new(&from_yaml::<Config>(&yaml).unwrap()).unwrap();
    let now = SystemTime::now();
    assert_eq!(finder.find(now).0, [path]);
    assert!(finder.find(now + Duration::from_secs(70)).0.is_empty());
}
