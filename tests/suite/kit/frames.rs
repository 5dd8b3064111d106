//! HTTP/2 as nobody should speak it: frames made by hand.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    time::Duration,
};

/// Kinds of frames.
pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;

/// Flags.
pub(crate) const ACK: u8 = 1;
pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

/// The setting of how much may be sent on a stream at first.
pub(crate) const INITIAL_WINDOW_SIZE: u8 = 4;

/// Longer than a server that still listens takes to read on.
const STUCK: Duration = Duration::from_secs(2);

/// A connection that has begun as it should.
#[derive(Debug)]
pub(crate) struct Frames(TcpStream);

impl Frames {
    /// With these settings.
    pub(crate) fn connect(to: SocketAddr, settings: &[(u8, u32)]) -> Self {
        let stream = TcpStream::connect(to).unwrap();
        stream.set_write_timeout(Some(STUCK)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut frames = Self(stream);
        let settings =
            settings.iter().flat_map(|(name, value)| [&[0, *name][..], &value.to_be_bytes()].concat());
        let settings: Vec<u8> = settings.collect();
        frames.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap();
        frames.write(&frame(SETTINGS, 0, 0, &settings)).unwrap();
        // The server's own settings, which it has sent first, count once they are acknowledged.
        frames.write(&frame(SETTINGS, ACK, 0, &[])).unwrap();
        frames
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    /// Sends no more.
    pub(crate) fn half_close(&self) {
        // Whoever has hung up already has closed this direction, too.
        let _ = self.0.shutdown(Shutdown::Write);
    }

    /// The next frame's kind and payload; `None` at the end of the connection.
    pub(crate) fn read(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).ok()?;
        let [a, b, c, kind, ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        self.0.read_exact(&mut payload).ok()?;
        Some((kind, payload))
    }

    /// The code with which the server says goodbye; `None` if it hangs up without a word.
    pub(crate) fn goodbye(&mut self) -> Option<u32> {
        let mut code = None;
        while let Some((kind, payload)) = self.read() {
            if kind == GOAWAY {
                code = Some(u32::from_be_bytes(payload[4..8].try_into().unwrap()));
            }
        }
        code
    }
}

/// A frame.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A field of a header that no table is to keep; its name and value are shorter than 127 bytes.
pub(crate) fn field(name: &str, value: &str) -> Vec<u8> {
    let length = |text: &str| u8::try_from(text.len()).unwrap();
    [&[0, length(name)], name.as_bytes(), &[length(value)], value.as_bytes()].concat()
}

/// The header of a call of gRPC.
pub(crate) fn call_header(path: &str) -> Vec<u8> {
    // `:method: POST` and `:scheme: http` are in the table that everybody knows.
    let fields =
        [(":path", path), (":authority", "x"), ("te", "trailers"), ("content-type", "application/grpc")];
    [&[0x83, 0x86][..], &fields.map(|(name, value)| field(name, value)).concat()].concat()
}
