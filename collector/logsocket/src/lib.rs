//! Logs from sockets, for the receivers `tcp_log`, `udp_log` and `syslog` (Go's `tcp_input` and `udp_input`): the keys, and
//! the way from a connection or a packet to entries.
//!
//! Each connection has a task of its own, which reads on when the pipelines took what it read: who is slow holds up nobody
//! else, and who is fast waits in the kernel. A connection has no more in memory than the longest entry.

mod entries;
mod tcp;
mod udp;

pub use self::{
    tcp::{TcpConfig, TcpInput},
    udp::{UdpConfig, UdpInput},
};
