//! Telling of the host as an entity, as log records (Go's `hostEntitiesReceiver`).

use slimcol_config::Duration;
use slimcol_pdata::{Data, Signal};
use slimcol_service::{
    BoxError, Context, Outputs, Payload, Stop,
    meter::Received,
    wire::{attribute, fixed, message},
};
use tokio::time::{MissedTickBehavior, interval};

use crate::host::now;

/// Tells of the host at the start and then at every `pause`, until told to stop; without a pause it tells once.
pub(crate) async fn tell(pause: Duration, to: Outputs, cx: Context, mut stop: Stop) -> Result<(), BoxError> {
    let Some(next) = to.get(Signal::Logs) else { return Ok(()) };
    let received = Received::new(&cx, "");
    // Nothing is a clock that does not tick again.
    let every = if pause.0 > 0 { pause.std() } else { std::time::Duration::from_secs(u64::from(u32::MAX)) };
    let mut clock = interval(every);
    clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.wait() => return Ok(()),
            _ = clock.tick() => {}
        }
        let data = Data::from_bytes(Signal::Logs, event(now(), pause.0 / 1_000_000).into())?;
        let outcome = next.consume(Payload::from(data)).await;
        received.count(Signal::Logs, 1, outcome.is_ok());
        if let Err(refused) = outcome {
            let fields = [("error", refused.to_string().into())];
            cx.log().error("Error sending entity event to the consumer", &fields);
        }
    }
}

/// A request with what there is to say: a host is there, and is told of every so many milliseconds.
fn event(now: u64, interval: i64) -> Vec<u8> {
    let mut request = Vec::new();
    message(&mut request, 1, |to| {
        message(to, 1, |_| {});
        message(to, 2, |to| {
            message(to, 1, |to| attribute(to, 3, "otel.entity.event_as_log", &true.into()));
            message(to, 2, |to| {
                fixed(to, 1, now);
                message(to, 5, |_| {});
                attribute(to, 6, "otel.entity.event.type", &"entity_state".into());
                attribute(to, 6, "otel.entity.type", &"host".into());
                if interval > 0 {
                    attribute(to, 6, "otel.entity.interval", &interval.into());
                }
            });
        });
    });
    request
}
