//! A request of HTTP/1.1 as a server of ours reads it.

use std::io::BufRead;

/// What has come, whole.
#[derive(Debug)]
pub(crate) struct Request {
    /// `POST /v1/logs HTTP/1.1`, and the headers behind it.
    lines: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The next request of a connection, whose length a header says; `None` if there is none or not all of it.
    pub(crate) fn read(from: &mut impl BufRead) -> Option<Self> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            // A line without its end is where the connection was cut.
            from.read_line(&mut line).ok().filter(|_| line.ends_with('\n'))?;
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let mut request = Self { lines, body: Vec::new() };
        let length = request.header("content-length").map_or(Ok(0), str::parse).ok()?;
        request.body.resize(length, 0);
        from.read_exact(&mut request.body).ok()?;
        Some(request)
    }

    /// `POST`.
    pub(crate) fn method(&self) -> &str {
        self.word(0)
    }

    /// The path, and the query if there is one.
    pub(crate) fn target(&self) -> &str {
        self.word(1)
    }

    fn word(&self, index: usize) -> &str {
        self.lines.first().and_then(|line| line.split(' ').nth(index)).unwrap_or_default()
    }

    /// The first header that is called `name`, in any case of letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.lines.iter().skip(1).filter_map(|line| line.split_once(':'));
        headers.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }
}
