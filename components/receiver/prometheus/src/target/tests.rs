use super::*;

fn target(change: impl FnOnce(&mut Job), own: &Labels) -> Result<Option<Target>, String> {
    let mut job = Job::of_test("demo");
    change(&mut job);
    let group = Labels::from([("env", "group"), ("team", "a")]);
    Target::new(&Arc::new(job), own, &group, ("1", &Log::none()))
}

impl Job {
    /// A job of default settings.
    fn of_test(name: &str) -> Self {
        let yaml = format!(
            "config: {{scrape_configs: [{{job_name: {name}, static_configs: [{{targets: [\"host:80\"]}}]}}]}}"
        );
        let config: crate::config::Config = slimcol_config::from_yaml(&yaml).unwrap();
        let job = config.jobs().unwrap().remove(0);
        assert_eq!(job.interval, Duration::from_mins(1));
        job
    }
}

#[test]
fn a_target_is_what_its_labels_say() {
    let own = Labels::from([
        ("__address__", "host:1"),
        ("env", "own"),
        ("__param_module", "x y"),
        ("__metrics_path__", "m/ü"),
        ("__scrape_interval__", "30s"),
        ("__meta_a", "b"),
    ]);
    let params = |job: &mut Job| job.params = vec![("module".into(), vec!["a".into(), "b&".into()])];
    let target = target(params, &own).unwrap().unwrap();
    assert_eq!(target.uri, "http://host:1/m/%C3%BC?module=x%20y&module=b%26");
    assert_eq!((target.interval.as_secs(), target.timeout.as_secs()), (30, 10));
    let subject = &target.subject;
    assert_eq!(subject.labels.to_string(), r#"{env="own", instance="host:1", job="demo", team="a"}"#);
    assert_eq!(subject.discovered.get("__meta_a"), "b");
    let scope = "github.com/open-telemetry/opentelemetry-collector-contrib/receiver/prometheusreceiver";
    assert_eq!(subject.scope, (scope, "1".to_owned()));
}

#[test]
fn targets_that_cannot_be_are_refused() {
    for (own, error) in [
        (Labels::default(), "no address"),
        (Labels::from([("__address__", "http://a")]), "\"http://a\" is not a valid hostname"),
        (
            Labels::from([("__address__", "a"), ("__scrape_interval__", "x")]),
            "error parsing scrape interval: not a valid duration string: \"x\"",
        ),
        (Labels::from([("__address__", "a"), ("__scrape_timeout__", "0")]), "scrape timeout cannot be 0"),
        (
            Labels::from([("__address__", "a"), ("__scrape_timeout__", "2m")]),
            "scrape timeout cannot be greater than scrape interval (\"2m\" > \"1m\")",
        ),
    ] {
        assert_eq!(target(|_| {}, &own).unwrap_err(), error);
    }
}

#[test]
fn every_target_has_its_place_in_the_interval() {
    let at = |address: &str, now: u64| {
        let target = target(|_| {}, &Labels::from([("__address__", address)])).unwrap().unwrap();
        let now = Duration::from_millis(now);
        (now + target.offset(now)).as_nanos() % target.interval.as_nanos()
    };
    assert_eq!(at("a", 5), at("a", 70_003));
    assert_ne!(at("a", 5), at("b", 5));
}
