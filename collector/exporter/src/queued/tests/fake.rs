use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use slimcol_config::{NoSettings, Section, from_yaml};
use slimcol_service::{BoxError, Component, Context, Info, Log, Payload, Signals, Status};
use slimcol_testing::numbers;

use super::*;
use crate::{Delivery, Push, Queued, QueuedConfig};

/// What the exporter does with a payload.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    Take,
    /// Takes it after so many seconds.
    Slow(u64),
    Refuse(fn() -> Refused),
    Hang,
    Panic,
}

/// What test and exporter share.
#[derive(Default)]
pub(super) struct Far {
    answers: Mutex<VecDeque<Answer>>,
    /// When each attempt began, and the numbers in it.
    attempts: Mutex<Vec<(Instant, Payload)>>,
    taken: Mutex<Vec<u64>>,
}

pub(super) struct Fake(Arc<Far>);

impl Push for Fake {
    type Config = NoSettings;
    const INFO: Info = Info { signals: Signals::ALL, ..Info::new("fake", "fake", "0") };

    fn delivery(section: &mut Section<'_>) -> Delivery {
        Delivery::read(section, slimcol_config::Duration::secs(5))
    }

    fn new(_: NoSettings, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self(cx.shared(Far::default)))
    }

    async fn push(&self, payload: Payload) -> Result<(), Refused> {
        let answer = self.0.answers.lock().unwrap().pop_front().unwrap_or(Answer::Take);
        let content = numbers(&payload.data);
        self.0.attempts.lock().unwrap().push((Instant::now(), payload));
        match answer {
            Answer::Take => {}
            Answer::Slow(seconds) => sleep(Duration::from_secs(seconds)).await,
            Answer::Refuse(refusal) => return Err(refusal()),
            Answer::Hang => std::future::pending().await,
            Answer::Panic => panic!("told to panic"),
        }
        self.0.taken.lock().unwrap().extend(content);
        Ok(())
    }
}

/// A queued exporter with all that a test wants to see of it.
pub(super) struct Rig {
    pub(super) exporter: Arc<Queued<Fake>>,
    far: Arc<Far>,
    lines: Arc<Mutex<Vec<String>>>,
    cx: Context,
}

impl Rig {
    pub(super) fn new(yaml: &str) -> Self {
        Self::with(yaml, |cx| cx)
    }

    /// With what `surround` adds to its surroundings.
    pub(super) fn with(yaml: &str, surround: impl FnOnce(Context) -> Context) -> Self {
        let (log, lines) = Log::capture();
        let cx = surround(Context::standalone("fake", Signals::only(Signal::Logs), log));
        let config: QueuedConfig<Fake> = from_yaml(yaml).unwrap();
        let exporter = Arc::new(Queued::new(config, &cx).unwrap());
        Self { exporter, far: cx.shared(Far::default), lines, cx }
    }

    pub(super) async fn start(yaml: &str) -> Self {
        let rig = Self::new(yaml);
        rig.exporter.start().await.unwrap();
        rig
    }

    /// What it does with the next payloads; afterwards it takes them.
    pub(super) fn answers(&self, answers: impl IntoIterator<Item = Answer>) {
        self.far.answers.lock().unwrap().extend(answers);
    }

    /// The numbers in each attempt.
    pub(super) fn attempts(&self) -> Vec<Vec<u64>> {
        self.far.attempts.lock().unwrap().iter().map(|(_, payload)| numbers(&payload.data)).collect()
    }

    /// The payloads of each attempt.
    pub(super) fn payloads(&self) -> Vec<Payload> {
        self.far.attempts.lock().unwrap().iter().map(|(_, payload)| payload.clone()).collect()
    }

    /// The waits between attempts, in milliseconds.
    pub(super) fn waits(&self) -> Vec<u128> {
        self.far.attempts.lock().unwrap().windows(2).map(|pair| (pair[1].0 - pair[0].0).as_millis()).collect()
    }

    /// The numbers that were taken, in order.
    pub(super) fn taken(&self) -> Vec<u64> {
        self.far.taken.lock().unwrap().clone()
    }

    /// How the exporter is, with what it complains of.
    pub(super) fn status(&self) -> (Status, Option<Arc<str>>) {
        let (_, event) = self.cx.statuses().all().remove(0);
        (event.status, event.error)
    }

    pub(super) fn logged(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}
