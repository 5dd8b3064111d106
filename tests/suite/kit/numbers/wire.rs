//! A wire between a collector and a sink on which everything can go wrong.

use std::{
    collections::VecDeque,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::watch,
    task::JoinSet,
};

/// What becomes of connections. A change cuts those that there are, unless they freeze or thaw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// Nobody listens.
    Dead,
    /// Connections are taken, and nothing is read from them.
    Deaf,
    /// Everything comes through, a byte at a time.
    Dribbles,
    /// Requests come through, answers don't.
    Mute,
    /// Nothing goes on; what there is goes on afterwards.
    Frozen,
    /// Whoever listens says this and hangs up.
    Says(&'static [u8]),
    /// The same, but hangs up only when the collector does.
    SaysAndStays(&'static [u8]),
}

/// Where one connection is cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    /// In the answers rather than in the requests.
    pub(crate) answers: bool,
    /// After so many bytes.
    pub(crate) after: usize,
    /// With an RST.
    pub(crate) reset: bool,
}

/// A wire whose near end is an address of its own, until the process ends.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    address: SocketAddr,
    fault: watch::Sender<Fault>,
    cuts: Arc<Mutex<VecDeque<Cut>>>,
}

impl Wire {
    pub(crate) fn to(sink: SocketAddr) -> Self {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (fault, faults) = watch::channel(Fault::None);
        let wire = Self { address, fault, cuts: Arc::default() };
        let cuts = wire.cuts.clone();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                run(listener, sink, faults, cuts).await;
            });
        });
        wire
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// Cuts one connection after the other, those that there are first.
    pub(crate) fn cut(&self, cuts: impl IntoIterator<Item = Cut>) {
        self.cuts.lock().unwrap().extend(cuts);
        self.fault(Fault::None);
    }

    /// How many connections are still to be cut.
    pub(crate) fn left(&self) -> usize {
        self.cuts.lock().unwrap().len()
    }
}

async fn run(
    mut listener: TcpListener,
    sink: SocketAddr,
    mut faults: watch::Receiver<Fault>,
    cuts: Arc<Mutex<VecDeque<Cut>>>,
) {
    let address = listener.local_addr().unwrap();
    let mut open = JoinSet::new();
    let mut last = Fault::None;
    loop {
        let fault = *faults.borrow_and_update();
        if fault != Fault::Frozen && (last, fault) != (Fault::Frozen, Fault::None) {
            open.shutdown().await;
        }
        last = fault;
        match fault {
            Fault::Frozen => {
                if faults.changed().await.is_err() {
                    return;
                }
                continue;
            }
            Fault::Dead => {
                drop(listener);
                let reserved = reserve(address).await;
                if faults.changed().await.is_err() {
                    return;
                }
                listener = reserved.listen(1024).unwrap();
                continue;
            }
            _ => {}
        }
        loop {
            tokio::select! {
                biased;
                changed = faults.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    break;
                }
                Some(_) = open.join_next() => {}
                accepted = listener.accept() => {
                    let (near, _) = accepted.unwrap();
                    match fault {
                        Fault::None | Fault::Mute | Fault::Dribbles => {
                            let cut = if fault == Fault::None { cuts.lock().unwrap().front().copied() } else { None };
                            open.spawn(carry(near, sink, faults.clone(), cut, cuts.clone(), fault));
                        }
                        Fault::Says(words) => drop(open.spawn(say(near, words, false))),
                        Fault::SaysAndStays(words) => drop(open.spawn(say(near, words, true))),
                        _ => drop(open.spawn(async move {
                            let _near = near;
                            std::future::pending::<()>().await;
                        })),
                    }
                }
            }
        }
    }
}

/// Keeps everybody else from taking the port, and connections from being their own far end, while nobody listens.
async fn reserve(address: SocketAddr) -> TcpSocket {
    for _ in 0..500 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        if socket.bind(address).is_ok() {
            return socket;
        }
        // Somebody was quicker, hopefully with something that does not last.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{address} is taken");
}

async fn say(mut near: TcpStream, words: &[u8], stay: bool) {
    // What comes meanwhile is not for us to read; an error is that the collector has hung up.
    let _ = near.write_all(words).await;
    if stay {
        let mut rest = [0; 4096];
        while near.read(&mut rest).await.is_ok_and(|read| read > 0) {}
    }
}

async fn carry(
    near: TcpStream,
    sink: SocketAddr,
    faults: watch::Receiver<Fault>,
    cut: Option<Cut>,
    cuts: Arc<Mutex<VecDeque<Cut>>>,
    fault: Fault,
) {
    let far = TcpStream::connect(sink).await.unwrap();
    if cut.is_some_and(|cut| cut.reset) {
        near.set_zero_linger().unwrap();
    }
    let limit = |answers| cut.filter(|cut| cut.answers == answers).map_or(usize::MAX, |cut| cut.after);
    let at_a_time = if fault == Fault::Dribbles { 1 } else { 64 << 10 };
    for stream in [&near, &far] {
        stream.set_nodelay(true).unwrap();
    }
    let (from_near, to_near) = near.into_split();
    let (from_far, to_far) = far.into_split();
    let answers = async {
        if fault == Fault::Mute {
            std::future::pending::<()>().await;
        }
        copy(from_far, to_near, faults.clone(), limit(true), at_a_time).await
    };
    // Whichever way ends first ends both.
    let was_cut = tokio::select! {
        was_cut = copy(from_near, to_far, faults.clone(), limit(false), at_a_time) => was_cut,
        was_cut = answers => was_cut,
    };
    if was_cut {
        cuts.lock().unwrap().pop_front();
    }
}

/// Copies so much at most; whether it has.
async fn copy(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut faults: watch::Receiver<Fault>,
    mut left: usize,
    at_a_time: usize,
) -> bool {
    let mut buffer = vec![0; at_a_time];
    while left > 0 {
        if faults.wait_for(|fault| *fault != Fault::Frozen).await.is_err() {
            return false;
        }
        let room = left.min(buffer.len());
        let read = tokio::select! {
            biased;
            _ = faults.wait_for(|fault| *fault == Fault::Frozen) => continue,
            read = from.read(&mut buffer[..room]) => read,
        };
        let Ok(read @ 1..) = read else { return false };
        if to.write_all(&buffer[..read]).await.is_err() {
            return false;
        }
        left -= read;
    }
    true
}
