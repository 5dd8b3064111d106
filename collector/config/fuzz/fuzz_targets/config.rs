//! Whatever a configuration's text is: it is read or refused in bounded time and room, and every error can be shown.
//!
//! What is behind a line of `%` is a second configuration, laid over the first.
#![no_main]

use std::{
    error::Error,
    pin::pin,
    task::{Context, Poll, Waker},
};

use libfuzzer_sys::fuzz_target;
use slimcol_config::{Config, Fetch, Headers, Retrieved, Secret, Section, Settings, load};

/// The two texts as `file:`, and as `env:` and `yaml:` what the text itself asks for.
struct Texts<'t>(Vec<&'t str>);

impl Fetch for Texts<'_> {
    fn schemes(&self) -> Vec<&'static str> {
        vec!["env", "file", "yaml"]
    }

    async fn fetch(&self, scheme: &str, location: &str) -> Result<Retrieved, Box<dyn Error + Send + Sync>> {
        let text = match (scheme, location) {
            ("file", i) => self.0.get(i.parse::<usize>()?).ok_or("no such file")?.to_string(),
            ("env", "A") => "${env:B}${env:B}".into(),
            ("env", "B") => "[1, {a: $$b}]".into(),
            ("env", _) => String::new(),
            (_, text) => text.into(),
        };
        Ok(Retrieved { text, name: format!("{scheme}:{location}"), warning: None })
    }
}

/// Settings of every kind.
struct Every;

impl Settings for Every {
    fn read(from: &mut Section<'_>) -> Self {
        from.get("endpoint", String::new());
        from.get("timeout", slimcol_config::Duration::secs(1));
        from.get("size", 1u32);
        from.get("sizes", Vec::<i64>::new());
        from.get("part", 0.5);
        from.get("headers", Headers::default());
        from.get("token", Secret::default());
        from.get("on", false);
        from.find::<std::collections::BTreeMap<String, u8>>("counts");
        if from.here().is_some() {
            from.optional::<Self>("batch", false);
            from.list::<Self>("rules");
            from.map::<Self>("protocols");
        }
        Self
    }
}

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let texts = Texts(text.splitn(2, "\n%\n").collect());
    let locations: Vec<String> = (0..texts.0.len()).map(|i| format!("file:{i}")).collect();
    let loading = pin!(load(None, &locations, &[], &texts));
    let Poll::Ready(loaded) = loading.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing waits for anything");
    };
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return drop(error.to_string()),
    };
    let (config, findings) = Config::read(loaded.root);
    drop(slimcol_config::Error::decoding(findings.issues).to_string());
    drop(slimcol_config::Error::invalid(config.validate()).to_string());
    config.shown_service();
    for configured in config.receivers.iter().chain(&config.exporters).chain(&config.processors) {
        let mut section = configured.settings().recorded();
        Every::read(&mut section);
        section.take_fields();
        drop(slimcol_config::Error::decoding(section.finish().issues).to_string());
    }
});
