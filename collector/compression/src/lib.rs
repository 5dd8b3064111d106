//! The compressions of OTLP bodies: their names in configuration and in `Content-Encoding`, compressing, and
//! decompressing with a hard limit on what comes out.
//!
//! The codecs were chosen by what they add to a static binary and by speed on 230 KB of text (`opt-level = "s"`): zstd in
//! C adds 360 KiB against 150 for the Rust port, but packs and unpacks four times as fast and a third tighter; snappy
//! adds 40 KiB, lz4 32.

mod deflate;
mod lz4;
mod output;
mod snappy;
mod zstd;

use std::fmt;

use slimcol_config::{Leaf, Node, Shape, Shown};

/// How many times larger telemetry is when it is decompressed, cautiously.
pub const UNPACKED: usize = 4;

/// How a body is compressed (the Go collector's `configcompression.Type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Compression {
    /// Not at all: `none` or an empty name.
    #[default]
    None,
    /// `gzip`.
    Gzip,
    /// `zlib`.
    Zlib,
    /// `deflate`, which in HTTP means the zlib format too.
    Deflate,
    /// `snappy`: written as one block; read as a block or, when it starts like one, as a framed stream.
    Snappy,
    /// `x-snappy-framed`: snappy's stream format, which is also what gRPC calls `snappy`.
    SnappyFramed,
    /// `zstd`.
    Zstd,
    /// `lz4`, in lz4's frame format.
    Lz4,
}

/// Why a body could not be decompressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecompressError {
    /// More would have come out than allowed.
    TooLarge,
    /// The body is not what it says it is; the text is fit for the sender.
    Corrupt(&'static str),
}

impl Compression {
    /// Every compression, in the order of the Go collector's documentation.
    const ALL: [Self; 8] = [
        Self::None,
        Self::Gzip,
        Self::Zstd,
        Self::Zlib,
        Self::Snappy,
        Self::Deflate,
        Self::Lz4,
        Self::SnappyFramed,
    ];

    /// The compression that `name` means in configuration and in `Content-Encoding`; names are case-sensitive, as in Go.
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "none" {
            return Some(Self::None);
        }
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The name as `Content-Encoding` has it; empty for [`Compression::None`].
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gzip => "gzip",
            Self::Zlib => "zlib",
            Self::Deflate => "deflate",
            Self::Snappy => "snappy",
            Self::SnappyFramed => "x-snappy-framed",
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
        }
    }

    /// Whether anything is compressed at all.
    pub const fn is_on(self) -> bool {
        !matches!(self, Self::None)
    }

    /// Refuses levels that the compression does not have. 0 is the default of each, -1 that of the zlib family and -2
    /// its Huffman-only mode; zstd takes any number and uses the nearest level that it has.
    ///
    /// # Errors
    /// The Go collector's `ValidateParams` text.
    pub fn check_level(self, level: i32) -> Result<(), String> {
        let known = match self {
            Self::Gzip | Self::Zlib | Self::Deflate => (-2..=9).contains(&level),
            Self::Zstd => true,
            _ => level == 0,
        };
        if known {
            Ok(())
        } else {
            Err(format!("unsupported parameters {{Level:{level}}} for compression type \"{}\"", self.name()))
        }
    }

    /// Compresses `pieces`, in a row, as one body. Level 0 means fast: 1 for the zlib family (Go: 6, which costs three
    /// times the CPU for a tenth fewer bytes) and for zstd. An unsupported `level` counts as the nearest supported one.
    pub fn compress<P: AsRef<[u8]>>(self, level: i32, pieces: &[P]) -> Vec<u8> {
        match self {
            Self::None => pieces.iter().flat_map(AsRef::as_ref).copied().collect(),
            Self::Gzip => deflate::compress(deflate::Format::Gzip, level, pieces),
            Self::Zlib | Self::Deflate => deflate::compress(deflate::Format::Zlib, level, pieces),
            Self::Snappy => snappy::compress_block(pieces),
            Self::SnappyFramed => snappy::compress_framed(pieces),
            Self::Zstd => zstd::compress(level, pieces),
            Self::Lz4 => lz4::compress(pieces),
        }
    }

    /// Decompresses `body`, of which at most `limit` bytes may come out. Memory grows with what really comes out, not
    /// with what the body says of itself.
    ///
    /// # Errors
    /// [`DecompressError`].
    pub fn decompress(self, body: &[u8], limit: usize) -> Result<Vec<u8>, DecompressError> {
        match self {
            Self::None if body.len() > limit => Err(DecompressError::TooLarge),
            Self::None => Ok(body.to_vec()),
            Self::Gzip => deflate::gunzip(body, limit),
            Self::Zlib | Self::Deflate => deflate::inflate(body, limit),
            Self::Snappy => snappy::decompress(body, limit),
            Self::SnappyFramed => snappy::decompress_framed(body, limit),
            Self::Zstd => zstd::decompress(body, limit),
            Self::Lz4 => lz4::decompress(body, limit),
        }
    }
}

impl Leaf for Compression {
    const SHAPE: Shape =
        Shape::Words(&["", "none", "gzip", "zlib", "deflate", "snappy", "x-snappy-framed", "zstd", "lz4"]);

    fn show(&self) -> Shown {
        Shown::text(self.name())
    }

    fn leaf(node: &Node) -> Result<Self, String> {
        let name = String::leaf(node)?;
        Self::from_name(&name).ok_or_else(|| format!("unsupported compression type \"{name}\""))
    }
}

impl fmt::Display for DecompressError {
    /// The text that the Go collector's HTTP server answers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "http: request body too large",
            Self::Corrupt(why) => why,
        })
    }
}

impl std::error::Error for DecompressError {}

#[cfg(test)]
mod tests;
