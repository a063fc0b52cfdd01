//! Which passwords are good enough: length, kinds of characters, nothing that others know of the person.
//!
//! GB/T 22239—2019 8.1.4.1 a asks for complexity and regular change without figures; assessors take eight characters of
//! three kinds and ninety days for staff.

use std::fmt;

/// What a password must fulfil.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordRule {
    /// Fewest characters.
    pub shortest: usize,
    /// How many of the four kinds (small letters, capitals, digits, other) must occur.
    pub kinds: usize,
}

impl PasswordRule {
    /// For people who work with other people's data.
    pub const STAFF: Self = Self { shortest: 8, kinds: 3 };
    /// For people on their own affairs: letters and digits.
    pub const CITIZEN: Self = Self { shortest: 8, kinds: 2 };
}

/// Longest password taken, in characters; longer ones cost time and gain nothing.
const LONGEST: usize = 128;

/// Beginnings that attackers try first, in small letters.
const COMMON: [&str; 14] = [
    "123456", "abc123", "password", "passw0rd", "p@ssw0rd", "qwerty", "1qaz2wsx", "admin", "a123456",
    "woaini", "iloveyou", "111111", "888888", "jinban",
];

/// Why a password is not good enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordDoubt {
    /// Nothing was typed.
    Empty,
    /// Too short; holds the fewest characters and how many there are.
    Short(usize, usize),
    /// More than 128 characters.
    Long,
    /// Too few kinds of characters; holds how many are wanted.
    Plain(usize),
    /// Begins like the passwords that are tried first.
    Common,
    /// One character over and over, or a run like 12345678.
    Run,
    /// Holds the login name, the phone number or a part of the identity number.
    Personal,
    /// A blank at the beginning or the end, or a control character: nobody can type it again with certainty.
    Blank,
}

impl fmt::Display for PasswordDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("请填写密码"),
            Self::Short(least, n) => write!(f, "密码至少要有 {least} 位，现在只有 {n} 位，请加长"),
            Self::Long => write!(f, "密码最多 {LONGEST} 位，请缩短"),
            Self::Plain(2) => f.write_str("密码里要既有字母又有数字，请再加一种"),
            Self::Plain(_) => f.write_str("大写字母、小写字母、数字、符号里要用到三种，请再加一种"),
            Self::Common => f.write_str("这个密码太常见，容易被人猜到，请换一个"),
            Self::Run => f.write_str("密码不能是一串重复或连续的字符，请换一个"),
            Self::Personal => f.write_str("密码里不能有登录名、手机号或证件号，请换一个"),
            Self::Blank => f.write_str("密码开头和结尾不能有空格，中间不能有看不见的符号，请重新填写"),
        }
    }
}

impl std::error::Error for PasswordDoubt {}

/// Judges a new password. `known` is what others may know of the person: login name, phone, identity number.
///
/// # Errors
/// What to change.
pub fn check_password(password: &str, rule: PasswordRule, known: &[&str]) -> Result<(), PasswordDoubt> {
    let chars: Vec<char> = password.chars().collect();
    match chars.len() {
        0 => return Err(PasswordDoubt::Empty),
        n if n < rule.shortest => return Err(PasswordDoubt::Short(rule.shortest, n)),
        n if n > LONGEST => return Err(PasswordDoubt::Long),
        _ => {}
    }
    if password.trim() != password || chars.iter().any(|c| c.is_control()) {
        return Err(PasswordDoubt::Blank);
    }
    let has = |kind: fn(&char) -> bool| usize::from(chars.iter().any(kind));
    let kinds = has(|c| c.is_lowercase())
        + has(|c| c.is_uppercase())
        + has(|c| c.is_ascii_digit())
        + has(|c| !c.is_lowercase() && !c.is_uppercase() && !c.is_ascii_digit());
    if is_run(&chars) {
        return Err(PasswordDoubt::Run);
    }
    if kinds < rule.kinds {
        return Err(PasswordDoubt::Plain(rule.kinds));
    }
    let small = password.to_lowercase();
    if COMMON.iter().any(|word| small.starts_with(word)) {
        return Err(PasswordDoubt::Common);
    }
    if known.iter().any(|word| holds(&small, word)) {
        return Err(PasswordDoubt::Personal);
    }
    Ok(())
}

/// One character only, or each one up or one down from the one before.
fn is_run(chars: &[char]) -> bool {
    let step = |by: i64| {
        chars.windows(2).all(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])) == by)
    };
    step(0) || step(1) || step(-1)
}

/// Whether the password holds what is known: short words whole, long numbers by any six digits on end of them.
fn holds(small: &str, known: &str) -> bool {
    let known: Vec<char> = known.to_lowercase().chars().collect();
    match known.len() {
        0..=2 => false,
        3..=9 => small.contains(&known.iter().collect::<String>()),
        _ => small.contains(&known[known.len() - 6..].iter().collect::<String>()),
    }
}
