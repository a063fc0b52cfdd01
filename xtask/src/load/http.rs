//! A small HTTP client for checks: one connection, kept open, with patience that ends.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// How long an answer may take: a node gives a database that says nothing up after 35 s.
const PATIENCE: Duration = Duration::from_secs(45);

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// It says when to come again.
    pub retry_after: bool,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("{}: {}", self.status, self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A client with one request under way.
pub struct Client {
    address: SocketAddr,
    token: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    /// A client of the server at this address; it connects when it is first needed.
    pub fn new(address: SocketAddr, token: &str) -> Client {
        Client { address, token: token.to_owned(), stream: None }
    }

    /// Asks for a page.
    pub fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> Result<Answer> {
        self.send("GET", path, headers, "")
    }

    /// Sends one request. An answer of any status is an answer; an error is a connection that broke, and then nobody knows
    /// whether the request was carried out.
    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer> {
        let answer = self.exchange(method, path, headers, body);
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    fn exchange(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.address);
        if !self.token.is_empty() {
            head.push_str(&format!("authorization: Bearer {}\r\n", self.token));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => connected(self.address)?,
        };
        stream.get_mut().write_all(head.as_bytes())?;
        let (answer, stays) = read(&mut stream)?;
        self.stream = stays.then_some(stream);
        Ok(answer)
    }
}

fn connected(address: SocketAddr) -> Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(BufReader::new(stream))
}

fn line(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        bail!("the server closed the connection");
    }
    Ok(line.trim_end().to_owned())
}

/// Reads an answer; says too whether the connection stays open.
fn read(stream: &mut BufReader<TcpStream>) -> Result<(Answer, bool)> {
    let first = line(stream)?;
    let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
    let status = status.with_context(|| format!("no status in “{first}”"))?;
    let (mut length, mut chunked, mut retry_after, mut stays) = (None, false, false, true);
    loop {
        let header = line(stream)?.to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').context("a header without a colon")?;
        match (name, value.trim()) {
            ("content-length", value) => length = Some(value.parse()?),
            ("transfer-encoding", value) => chunked = value.contains("chunked"),
            ("connection", value) => stays = value != "close",
            ("retry-after", _) => retry_after = true,
            _ => {}
        }
    }
    let mut body = Vec::new();
    if chunked {
        loop {
            let size = usize::from_str_radix(line(stream)?.split(';').next().unwrap_or_default(), 16)?;
            let mut chunk = vec![0; size + 2];
            stream.read_exact(&mut chunk)?;
            if size == 0 {
                break;
            }
            body.extend_from_slice(&chunk[..size]);
        }
    } else if let Some(length) = length {
        body.resize(length, 0);
        stream.read_exact(&mut body)?;
    } else {
        // HTTP/1.0, as Patroni speaks it: the end of the connection is the end of the body.
        stream.read_to_end(&mut body)?;
        stays = false;
    }
    Ok((Answer { status, retry_after, body }, stays))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn told(answer: &'static str) -> Result<Answer> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 1024];
            let _ = stream.read(&mut asked).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let answer = Client::new(address, "t").get("/", &[]);
        server.join().unwrap();
        answer
    }

    #[test]
    fn a_body_is_read_by_its_length_in_chunks_or_to_the_end() {
        let plain = told("HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 2\r\n\r\nno").unwrap();
        assert_eq!((plain.status, plain.retry_after, plain.text().as_str()), (503, true, "no"));
        let chunks =
            told("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n")
                .unwrap();
        assert_eq!((chunks.status, chunks.retry_after, chunks.text().as_str()), (200, false, "abcd"));
        let to_the_end = told("HTTP/1.0 200 OK\r\n\r\nall of it").unwrap();
        assert_eq!((to_the_end.status, to_the_end.text().as_str()), (200, "all of it"));
    }

    #[test]
    fn an_answer_that_breaks_off_is_none() {
        assert!(told("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").is_err());
        assert!(told("").is_err());
    }
}
