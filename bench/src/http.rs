//! One connection to the server, kept open, as a browser or a department's system holds it.

use anyhow::{Context, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, LOCATION, RETRY_AFTER, SET_COOKIE};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where it leads, for a redirection.
    pub location: Option<String>,
    /// Whether it says when to come again.
    pub retry_after: bool,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> anyhow::Result<serde_json::Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("{}: {}", self.status, self.text()))
    }
}

/// A client with at most one request under way.
pub struct Client {
    address: SocketAddr,
    sender: Option<SendRequest<Full<Bytes>>>,
    /// What the server gave to be signed in.
    pub cookie: Option<String>,
    /// What a program shows instead.
    pub bearer: Option<String>,
}

impl Client {
    /// A client of the server at this address; it connects when it is first needed.
    pub const fn new(address: SocketAddr) -> Self {
        Self { address, sender: None, cookie: None, bearer: None }
    }

    /// Another one, signed in as the same.
    pub fn another(&self) -> Self {
        Self { cookie: self.cookie.clone(), bearer: self.bearer.clone(), ..Self::new(self.address) }
    }

    async fn sender(&mut self) -> anyhow::Result<&mut SendRequest<Full<Bytes>>> {
        let usable = self.sender.as_ref().is_some_and(|sender| !sender.is_closed());
        if !usable {
            let stream = TcpStream::connect(self.address).await?;
            stream.set_nodelay(true)?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await?;
            tokio::spawn(async move {
                // A connection that the server closed is opened again for the next request.
                let _ = connection.await;
            });
            self.sender = Some(sender);
        }
        let sender = self.sender.as_mut().context("there is no connection")?;
        sender.ready().await?;
        Ok(sender)
    }

    /// Sends one request.
    ///
    /// # Errors
    /// When the connection fails; an answer of any status is an answer.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> anyhow::Result<Answer> {
        let mut request = Request::builder().method(method).uri(path).header(HOST, self.address.to_string());
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        if let Some(bearer) = &self.bearer {
            request = request.header(AUTHORIZATION, format!("Bearer {bearer}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into()))?;
        let answer = match self.sender().await?.send_request(request).await {
            Ok(answer) => answer,
            Err(error) => {
                self.sender = None;
                return Err(error.into());
            }
        };
        let (parts, body) = answer.into_parts();
        let text = |name| parts.headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        if let Some(given) = text(SET_COOKIE).and_then(|c| Some(c.split(';').next()?.to_owned())) {
            self.cookie = Some(given);
        }
        let (status, location) = (parts.status.as_u16(), text(LOCATION));
        let retry_after = parts.headers.contains_key(RETRY_AFTER);
        Ok(Answer { status, location, retry_after, body: body.collect().await?.to_bytes() })
    }

    /// Gets a page that must be there.
    ///
    /// # Errors
    /// When it is not.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        let answer = self.send(Method::GET, path, &[], Bytes::new()).await?;
        ensure!(answer.status == 200, "GET {path} answered {}", answer.status);
        Ok(answer)
    }

    /// Posts a form, and says where it leads.
    ///
    /// # Errors
    /// When it does not lead on.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> anyhow::Result<String> {
        let answer = self.form(path, form).await?;
        let status = answer.status;
        answer.location.with_context(|| format!("POST {path} answered {status} and leads nowhere"))
    }

    /// Posts a form.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn form(&mut self, path: &str, form: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let body = serde_urlencoded::to_string(form)?;
        let kind = [(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded")];
        self.send(Method::POST, path, &kind, body).await
    }
}
