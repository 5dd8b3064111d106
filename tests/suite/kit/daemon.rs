//! Somebody else's servers, on this machine.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Java starts slowly on a busy machine.
const DEADLINE: Duration = Duration::from_mins(3);

/// A program that serves; killed when dropped.
#[derive(Debug)]
pub(crate) struct Daemon(Child);

impl Daemon {
    /// Starts `command`, and waits until it accepts connections at each of `addresses`.
    pub(crate) fn start(command: &mut Command, addresses: &[SocketAddr]) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut daemon = Self(command.spawn().unwrap());
        let deadline = Instant::now() + DEADLINE;
        for address in addresses {
            while TcpStream::connect(address).is_err() {
                let ended = daemon.0.try_wait().unwrap();
                assert!(ended.is_none(), "{command:?} ended with {ended:?}");
                assert!(Instant::now() < deadline, "{command:?} did not listen within {DEADLINE:?}");
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        daemon
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An address for a server that does not tell which port it took.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}
