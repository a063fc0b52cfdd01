//! The elder mode 长辈版: bigger type, fewer things on a page. Chosen once, kept in a cookie, never guessed.

use super::Fault;
use crate::Ctx;
use axum::extract::{Form, FromRequestParts, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;
use std::convert::Infallible;

/// How pages are drawn for this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// 标准版.
    #[default]
    Standard,
    /// 长辈版.
    Elder,
}

impl Mode {
    /// Reads the choice from the cookies of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        let elder = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .any(|pair| pair.trim() == "zw_mode=elder");
        if elder { Self::Elder } else { Self::Standard }
    }

    /// Whether this is the elder mode.
    pub fn is_elder(self) -> bool {
        self == Self::Elder
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Mode {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

/// The switch on every page.
#[derive(Deserialize)]
pub(super) struct Switch {
    mode: String,
    #[serde(default)]
    back: String,
}

/// `POST /mode`: keeps the choice for a year and returns to the page it was made on.
pub(super) async fn switch(
    State(ctx): State<Ctx>,
    Form(wish): Form<Switch>,
) -> Result<impl IntoResponse, Fault> {
    let cookie = match wish.mode.as_str() {
        "elder" => "zw_mode=elder; Max-Age=31536000",
        "standard" => "zw_mode=standard; Max-Age=0",
        _ => return Err(Fault::bad_request("mode", "版本只能选“长辈版”或“标准版”。请回首页重新选。")),
    };
    let secure = if ctx.site.https { "; Secure" } else { "" };
    let cookie = format!("{cookie}; Path=/; HttpOnly; SameSite=Lax{secure}");
    Ok((StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, local(&wish.back).to_owned())]))
}

/// `back` when it is a place on this site, else the home page: nobody may send people elsewhere through us.
pub(crate) fn local(back: &str) -> &str {
    let inside = back.starts_with('/')
        && !back.starts_with("//")
        && back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if inside { back } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_places_on_this_site_are_returned_to() {
        assert_eq!(local("/items?q=sbk"), "/items?q=sbk");
        for elsewhere in
            ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nX: 1", "items"]
        {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
