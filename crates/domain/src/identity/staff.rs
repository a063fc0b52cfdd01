//! The account of a member of staff: opened and closed by the system administrator, given posts by the security
//! administrator, and neither by the person it belongs to (三员分立, GB/T 22239—2019 8.1.4.2).

use crate::kernel::{OrgId, StaffId};
use crate::org::OrgPath;
use crate::rights::{Actor, Grant, Role, incompatible, is_administrator};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Shortest and longest login name.
pub const LOGIN_LENGTH: (usize, usize) = (3, 32);
/// A password is changed after so many days (assessors' practice for GB/T 22239—2019 8.1.4.1 a).
const PASSWORD_DAYS: i64 = 90;

/// A post 岗位: what somebody does, where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Its id.
    pub id: Uuid,
    /// What it allows.
    pub role: Role,
    /// The organisation.
    pub org: OrgId,
    /// Its place in the tree: the rights hold there and below.
    pub at: OrgPath,
}

/// An account as it stands: the fold of its events. Passwords and keys are kept beside it, never in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffAccount {
    /// The name typed to sign in.
    pub login: String,
    /// The person's name, as colleagues know it.
    pub name: String,
    /// Posts held, the oldest first.
    pub posts: Vec<Post>,
    /// Whether it can be used.
    pub open: bool,
    /// The password was set by somebody else and must be changed first.
    pub must_change: bool,
    /// When the password was set.
    pub password_at: Option<Timestamp>,
    /// A second factor is set up.
    pub second_factor: bool,
    /// When it was last used to sign in.
    pub signed_in_at: Option<Timestamp>,
}

impl StaffAccount {
    /// The rights of this account.
    #[must_use]
    pub fn actor(&self, id: StaffId) -> Actor {
        let grant = |post: &Post| Grant { role: post.role, at: Some(post.at.clone()) };
        Actor { id: Some(id.uuid()), grants: self.posts.iter().map(grant).collect() }
    }

    /// Whether a second factor must be given: always for the three administrators, for others once set up.
    #[must_use]
    pub fn needs_second_factor(&self) -> bool {
        self.second_factor || self.posts.iter().any(|post| is_administrator(post.role))
    }

    /// Whether the password must be changed before anything else: first one, or older than 90 days.
    #[must_use]
    pub fn needs_new_password(&self, now: Timestamp) -> bool {
        let old =
            |at: Timestamp| at.checked_add((PASSWORD_DAYS * 24).hours()).is_ok_and(|until| until <= now);
        self.must_change || self.password_at.is_none_or(old)
    }
}

/// Something that happened to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub fact: StaffFact,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum StaffFact {
    /// The account was opened with a first password.
    Opened {
        /// The name typed to sign in.
        login: String,
        /// The person's name.
        name: String,
    },
    /// It was closed: nobody can sign in with it.
    Closed {
        /// Why.
        reason: String,
    },
    /// It was opened again.
    Reopened,
    /// A post was given.
    PostGiven {
        /// Which.
        post: Post,
    },
    /// A post was taken away.
    PostTaken {
        /// Which.
        post: Uuid,
    },
    /// Somebody else set a password that must be changed.
    PasswordReset,
    /// The person changed the password.
    PasswordChanged,
    /// The person set up a second factor.
    SecondFactorSet,
    /// An administrator removed it, to be set up again.
    SecondFactorRemoved,
    /// An administrator lifted the wait after wrong passwords.
    Unlocked,
    /// Too many wrong passwords or codes: the account waits.
    Locked,
    /// The person signed in.
    SignedIn,
    /// The person signed out.
    SignedOut,
}

impl StaffFact {
    /// Its stable name in the journal.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Closed { .. } => "closed",
            Self::Reopened => "reopened",
            Self::PostGiven { .. } => "post_given",
            Self::PostTaken { .. } => "post_taken",
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
            Self::SecondFactorSet => "second_factor_set",
            Self::SecondFactorRemoved => "second_factor_removed",
            Self::Unlocked => "unlocked",
            Self::Locked => "locked",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
        }
    }
}

/// What somebody wants to happen. Who may want it is decided by the rights module before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffCommand {
    /// Open an account.
    Open {
        /// The name typed to sign in.
        login: String,
        /// The person's name.
        name: String,
    },
    /// Close it.
    Close {
        /// Why.
        reason: String,
    },
    /// Open it again.
    Reopen,
    /// Give a post.
    Give(Post),
    /// Take a post away.
    Take(Uuid),
    /// Set a password for somebody else.
    ResetPassword,
    /// Change one's own password.
    ChangePassword,
    /// Set up one's own second factor.
    SetSecondFactor,
    /// Remove somebody else's second factor.
    RemoveSecondFactor,
    /// Lift the wait after wrong passwords.
    Unlock,
    /// Note that the account waits.
    Lock,
    /// Note that the person signed in.
    SignIn,
    /// Note that the person signed out.
    SignOut,
}

/// The world as the decision sees it.
#[derive(Debug, Clone, Copy)]
pub struct StaffFacts {
    /// Now.
    pub at: Timestamp,
    /// Whose account it is.
    pub of: StaffId,
    /// Who acts; `None` for the program itself (first accounts, demonstration).
    pub by: Option<StaffId>,
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffRefusal {
    /// The login name has a wrong length or a character that cannot stand in it.
    Login,
    /// No name was given.
    Name,
    /// Closing needs a reason.
    Reason,
    /// One's own account is changed by somebody else.
    Own,
    /// The account is closed.
    Closed,
    /// It is open already.
    Open,
    /// This post is held already.
    Held,
    /// This post is not held.
    NotHeld,
    /// Visitors and citizens have no posts.
    NoPost,
    /// Two posts that one person must not hold together.
    Incompatible(Role, Role),
}

impl fmt::Display for StaffRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Login => write!(
                f,
                "登录名要有 {} 到 {} 位，以小写字母开头，只能用小写字母、数字、点、横线和下划线",
                LOGIN_LENGTH.0, LOGIN_LENGTH.1
            ),
            Self::Name => f.write_str("请填写工作人员的姓名"),
            Self::Reason => f.write_str("请写明停用账号的原因"),
            Self::Own => f.write_str("不能改自己的账号和岗位，请另一位管理员来办"),
            Self::Closed => f.write_str("这个账号已停用，请先重新启用"),
            Self::Open => f.write_str("这个账号正在使用，不用再启用"),
            Self::Held => f.write_str("已经有这个岗位，不用再分配"),
            Self::NotHeld => f.write_str("没有这个岗位，可能已经收回，请刷新页面"),
            Self::NoPost => f.write_str("这不是工作人员的岗位，请选别的岗位"),
            Self::Incompatible(a, b) => {
                write!(f, "{}和{}互相制约，不能由一个人担任，请先收回另一个岗位", a.label(), b.label())
            }
        }
    }
}

impl std::error::Error for StaffRefusal {}

/// Parses a login name: trimmed, small letters.
///
/// # Errors
/// [`StaffRefusal::Login`].
pub fn check_login(text: &str) -> Result<String, StaffRefusal> {
    let login = text.trim().to_ascii_lowercase();
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_');
    let fits = (LOGIN_LENGTH.0..=LOGIN_LENGTH.1).contains(&login.len());
    if fits && login.bytes().all(good) && login.starts_with(|c: char| c.is_ascii_lowercase()) {
        Ok(login)
    } else {
        Err(StaffRefusal::Login)
    }
}

/// Decides what happens.
///
/// # Errors
/// Why nothing happens, with what to do instead.
pub fn decide(
    account: &StaffAccount,
    command: &StaffCommand,
    facts: StaffFacts,
) -> Result<Vec<StaffEvent>, StaffRefusal> {
    let own = facts.by == Some(facts.of);
    let by_others = |fact| if own { Err(StaffRefusal::Own) } else { Ok(fact) };
    let needs_open = || if account.open { Ok(()) } else { Err(StaffRefusal::Closed) };
    let fact = match command {
        StaffCommand::Open { login, name } => {
            let (login, name) = (check_login(login)?, name.trim().to_owned());
            if name.is_empty() || name.chars().count() > 100 {
                return Err(StaffRefusal::Name);
            }
            StaffFact::Opened { login, name }
        }
        StaffCommand::Close { reason } => {
            needs_open()?;
            let reason = reason.trim().to_owned();
            if reason.is_empty() {
                return Err(StaffRefusal::Reason);
            }
            by_others(StaffFact::Closed { reason })?
        }
        StaffCommand::Reopen if account.open => return Err(StaffRefusal::Open),
        StaffCommand::Reopen => by_others(StaffFact::Reopened)?,
        StaffCommand::Give(post) => {
            needs_open()?;
            by_others(given(account, post)?)?
        }
        StaffCommand::Take(id) if account.posts.iter().all(|post| post.id != *id) => {
            return Err(StaffRefusal::NotHeld);
        }
        StaffCommand::Take(id) => by_others(StaffFact::PostTaken { post: *id })?,
        StaffCommand::ResetPassword => {
            needs_open()?;
            by_others(StaffFact::PasswordReset)?
        }
        StaffCommand::ChangePassword => StaffFact::PasswordChanged,
        StaffCommand::SetSecondFactor => StaffFact::SecondFactorSet,
        StaffCommand::RemoveSecondFactor => by_others(StaffFact::SecondFactorRemoved)?,
        StaffCommand::Unlock => by_others(StaffFact::Unlocked)?,
        StaffCommand::Lock => StaffFact::Locked,
        StaffCommand::SignIn => StaffFact::SignedIn,
        StaffCommand::SignOut => StaffFact::SignedOut,
    };
    Ok(vec![StaffEvent { at: facts.at, fact }])
}

fn given(account: &StaffAccount, post: &Post) -> Result<StaffFact, StaffRefusal> {
    if !post.role.is_post() {
        return Err(StaffRefusal::NoPost);
    }
    if account.posts.iter().any(|held| held.role == post.role && held.org == post.org) {
        return Err(StaffRefusal::Held);
    }
    let roles: Vec<Role> = account.posts.iter().map(|held| held.role).chain([post.role]).collect();
    match incompatible(&roles) {
        Some((a, b)) => Err(StaffRefusal::Incompatible(a, b)),
        None => Ok(StaffFact::PostGiven { post: post.clone() }),
    }
}

/// The account after an event. Total: any event leaves some state.
#[must_use]
pub fn apply(mut account: StaffAccount, event: &StaffEvent) -> StaffAccount {
    match &event.fact {
        StaffFact::Opened { login, name } => {
            account.login.clone_from(login);
            account.name.clone_from(name);
            account.open = true;
            account.must_change = true;
            account.password_at = Some(event.at);
        }
        StaffFact::Closed { .. } => account.open = false,
        StaffFact::Reopened => account.open = true,
        StaffFact::PostGiven { post } => account.posts.push(post.clone()),
        StaffFact::PostTaken { post } => account.posts.retain(|held| held.id != *post),
        StaffFact::PasswordReset => {
            account.must_change = true;
            account.password_at = Some(event.at);
        }
        StaffFact::PasswordChanged => {
            account.must_change = false;
            account.password_at = Some(event.at);
        }
        StaffFact::SecondFactorSet => account.second_factor = true,
        StaffFact::SecondFactorRemoved => account.second_factor = false,
        StaffFact::SignedIn => account.signed_in_at = Some(event.at),
        StaffFact::Unlocked | StaffFact::Locked | StaffFact::SignedOut => {}
    }
    account
}
