//! What the operating system asks of the collector.

use std::io;

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};

/// A signal that the collector minds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Interrupt,
    Terminate,
    Hangup,
}

impl Order {
    /// The signal's name as Go prints it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Interrupt => "interrupt",
            Self::Terminate => "terminated",
            Self::Hangup => "hangup",
        }
    }
}

/// Listens for signals for as long as the process lives. Nobody reads while the collector starts or stops: what comes
/// then waits or is lost, and a second signal does not cut an orderly end short.
///
/// # Errors
/// If the signals cannot be listened for.
pub(super) fn listen() -> io::Result<mpsc::Receiver<Order>> {
    let (inbox, orders) = mpsc::channel(1);
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        loop {
            let order = tokio::select! {
                _ = interrupt.recv() => Order::Interrupt,
                _ = terminate.recv() => Order::Terminate,
                _ = hangup.recv() => Order::Hangup,
            };
            if inbox.send(order).await.is_err() {
                return;
            }
        }
    });
    Ok(orders)
}
