//! The secret in the cookie and the hash of it in the database: whoever reads the table cannot sign in with it.

use crate::Ctx;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sm3::{Digest as _, Sm3};

/// What is kept of a token: its SM3 hash (GB/T 32905). 256 random bits need no salt and no stretching.
pub type TokenHash = [u8; 32];

/// For whom a cookie is; one browser may hold one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Members of staff.
    Staff,
    /// Citizens and firms.
    Citizen,
}

impl Side {
    /// The kind of the session row.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Citizen => "citizen",
        }
    }

    /// The cookie's name; over HTTPS with the prefix that keeps other hosts and plain HTTP from setting it.
    const fn cookie(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Staff, false) => "jb_staff",
            (Self::Staff, true) => "__Host-jb_staff",
            (Self::Citizen, false) => "jb_me",
            (Self::Citizen, true) => "__Host-jb_me",
        }
    }
}

/// A new token of 256 random bits, as text for the cookie.
pub fn draw(ctx: &Ctx) -> String {
    let mut bytes = [0u8; 32];
    ctx.entropy.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is kept of a token.
pub fn hash(token: &str) -> TokenHash {
    Sm3::digest(token.as_bytes()).into()
}

/// The hash of the token that a request brings; the first one when a cookie stands twice.
pub fn of(headers: &HeaderMap, side: Side, https: bool) -> Option<TokenHash> {
    let name = side.cookie(https);
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut values = pairs.flat_map(|line| line.split(';')).filter_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name && !value.is_empty()).then_some(value)
    });
    values.next().map(hash)
}

/// The `Set-Cookie` value that gives a token to the browser until it is closed.
pub fn give(side: Side, https: bool, token: &str) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}", side.cookie(https))
}

/// The `Set-Cookie` value that takes it back.
pub fn take_back(side: Side, https: bool) -> String {
    format!("{}; Max-Age=0", give(side, https, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_travels_only_over_https_where_the_site_has_it() {
        assert_eq!(give(Side::Staff, false, "t"), "jb_staff=t; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(give(Side::Staff, true, "t"), "__Host-jb_staff=t; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert!(take_back(Side::Citizen, true).ends_with("; Secure; Max-Age=0"));
    }

    #[test]
    fn the_token_is_found_among_other_cookies_and_only_under_its_own_name() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "zw_mode=elder; jb_me=abc".parse().unwrap());
        headers.append(COOKIE, "jb_staff=".parse().unwrap());
        assert_eq!(of(&headers, Side::Citizen, false), Some(hash("abc")));
        assert_eq!(of(&headers, Side::Staff, false), None);
        assert_eq!(of(&headers, Side::Citizen, true), None);
    }
}
