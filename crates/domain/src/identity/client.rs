//! The client 接入系统: the program of a department that works with us over the API. Opened by the system administrator, given
//! its scopes by the security administrator (三员分立, GB/T 22239—2019 8.1.4.2), and bound to one organisation.

use crate::kernel::OrgId;
use crate::org::OrgPath;
use crate::rights::{Actor, Grant, Role};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use uuid::Uuid;

/// Longest name of a client, in characters.
pub const LONGEST_CLIENT_NAME: usize = 60;
/// Requests a second that a new client may make.
pub const USUAL_PER_SECOND: u32 = 20;
/// Requests a day that a new client may make.
pub const USUAL_PER_DAY: u32 = 100_000;
/// The most that can be granted of either.
pub const MOST_PER_SECOND: u32 = 1_000;
/// The most requests a day that can be granted.
pub const MOST_PER_DAY: u32 = 10_000_000;

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $label:literal;)*) => {
        /// Something a client may be let do 授权范围.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ClientScope { $($(#[$doc])* #[serde(rename = $word)] $name,)* }

        impl ClientScope {
            /// Every scope, reading before writing.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name in tokens, in the API's description and in rows.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What it allows, in words.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }
        }
    };
}

scopes! {
    /// Items in all their parts: forms, materials, versions.
    CatalogueRead = "catalogue:read", "读取事项的表单、材料和版本";
    /// Organisations and halls.
    OrgsRead = "orgs:read", "读取机构和服务大厅";
    /// Working days, and what day a limit ends on.
    CalendarRead = "calendar:read", "读取工作日、计算期限";
    /// Cases of the own organisation and those below, with their files and papers.
    CasesRead = "cases:read", "读取本机构及下级的办件、文件和文书";
    /// A case by its number and query code.
    CasesLookup = "cases:lookup", "凭受理编号和查询码查进度";
    /// Applications for others.
    ApplicationsWrite = "applications:write", "代申请人提交申请";
    /// Files that a later step will name.
    FilesWrite = "files:write", "上传文件";
    /// What is done at a window.
    CasesAccept = "cases:accept", "接件、受理、补正、送达";
    /// What a reviewer does.
    CasesReview = "cases:review", "审核、上报、特别程序";
    /// What an approver does.
    CasesDecide = "cases:decide", "作出决定、延长期限";
}

impl ClientScope {
    /// The scope of this name.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.as_str() == word)
    }

    /// The post that carries the same rights, for the scopes that change cases.
    #[must_use]
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::ApplicationsWrite => Some(Role::Agent),
            Self::CasesAccept => Some(Role::WindowClerk),
            Self::CasesReview => Some(Role::Reviewer),
            Self::CasesDecide => Some(Role::Approver),
            _ => None,
        }
    }
}

/// The scopes that some are enough for, e.g. of a token.
pub type ClientScopes = BTreeSet<ClientScope>;

/// The rights of a client that uses these scopes: those of the posts they stand for, at its own organisation.
#[must_use]
pub fn client_actor(id: Uuid, at: &OrgPath, scopes: &ClientScopes) -> Actor {
    let roles = [Role::DepartmentSystem].into_iter().chain(scopes.iter().filter_map(|scope| scope.role()));
    Actor { id: Some(id), grants: roles.map(|role| Grant { role, at: Some(at.clone()) }).collect() }
}

/// A client as it stands: the fold of its events. The digest of its secret is kept beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiClient {
    /// What people call it: 公安局户政系统.
    pub name: String,
    /// Whose it is.
    pub org: Option<OrgId>,
    /// The organisation's place in the tree.
    pub at: Option<OrgPath>,
    /// What it may do.
    pub scopes: ClientScopes,
    /// Requests a second on one node.
    pub per_second: u32,
    /// Requests a day.
    pub per_day: u32,
    /// Whether it can be used.
    pub open: bool,
    /// When its secret was drawn.
    pub secret_at: Option<Timestamp>,
}

/// Something that happened to a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub fact: ClientFact,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum ClientFact {
    /// It was opened for an organisation.
    Opened {
        /// Its name.
        name: String,
        /// Whose it is.
        org: OrgId,
        /// The organisation's place in the tree.
        path: OrgPath,
    },
    /// It was given these scopes in place of those before.
    ScopesSet {
        /// All of them.
        scopes: ClientScopes,
    },
    /// It may make so many requests.
    LimitsSet {
        /// A second, on one node.
        per_second: u32,
        /// A day.
        per_day: u32,
    },
    /// A new secret was drawn; the one before and its tokens hold no longer.
    SecretDrawn,
    /// It was closed.
    Closed {
        /// Why.
        reason: String,
    },
    /// It was opened again.
    Reopened,
}

impl ClientFact {
    /// Its stable name in the journal.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "client_opened",
            Self::ScopesSet { .. } => "client_scopes_set",
            Self::LimitsSet { .. } => "client_limits_set",
            Self::SecretDrawn => "client_secret_drawn",
            Self::Closed { .. } => "client_closed",
            Self::Reopened => "client_reopened",
        }
    }
}

/// What somebody wants to happen. Who may want it is decided by the rights module before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientCommand {
    /// Open one.
    Open {
        /// Its name.
        name: String,
        /// Whose it is.
        org: OrgId,
        /// The organisation's place in the tree.
        path: OrgPath,
    },
    /// Give it these scopes in place of those before.
    SetScopes(ClientScopes),
    /// Let it make so many requests.
    SetLimits {
        /// A second, on one node.
        per_second: u32,
        /// A day.
        per_day: u32,
    },
    /// Draw a new secret.
    DrawSecret,
    /// Close it.
    Close {
        /// Why.
        reason: String,
    },
    /// Open it again.
    Reopen,
}

/// Why nothing happens, with what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientRefusal {
    /// No name, or one too long.
    Name,
    /// Closing needs a reason.
    Reason,
    /// A limit is out of bounds.
    Limits,
    /// It is closed.
    Closed,
    /// It is open already.
    Open,
}

impl fmt::Display for ClientRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => write!(f, "请填写系统名称，最多 {LONGEST_CLIENT_NAME} 个字"),
            Self::Reason => f.write_str("请写明停用的原因"),
            Self::Limits => write!(
                f,
                "每秒次数要是 1 到 {MOST_PER_SECOND} 之间的整数，每日次数要是 1 到 {MOST_PER_DAY} 之间的整数"
            ),
            Self::Closed => f.write_str("这个接入系统已停用，请先重新启用"),
            Self::Open => f.write_str("这个接入系统正在使用，不用再启用"),
        }
    }
}

impl std::error::Error for ClientRefusal {}

/// Decides what happens.
///
/// # Errors
/// [`ClientRefusal`].
pub fn decide_client(
    client: &ApiClient,
    command: &ClientCommand,
    at: Timestamp,
) -> Result<Vec<ClientEvent>, ClientRefusal> {
    let opens = matches!(command, ClientCommand::Open { .. } | ClientCommand::Reopen);
    if !opens && !client.open {
        return Err(ClientRefusal::Closed);
    }
    let fits = |number: u32, most: u32| (1..=most).contains(&number);
    let fact = match command {
        ClientCommand::Open { name, org, path } => {
            let name = name.trim().to_owned();
            if name.is_empty() || name.chars().count() > LONGEST_CLIENT_NAME {
                return Err(ClientRefusal::Name);
            }
            ClientFact::Opened { name, org: *org, path: path.clone() }
        }
        ClientCommand::SetScopes(scopes) if *scopes == client.scopes => return Ok(Vec::new()),
        ClientCommand::SetScopes(scopes) => ClientFact::ScopesSet { scopes: scopes.clone() },
        ClientCommand::SetLimits { per_second, per_day } => {
            if !fits(*per_second, MOST_PER_SECOND) || !fits(*per_day, MOST_PER_DAY) {
                return Err(ClientRefusal::Limits);
            }
            ClientFact::LimitsSet { per_second: *per_second, per_day: *per_day }
        }
        ClientCommand::DrawSecret => ClientFact::SecretDrawn,
        ClientCommand::Close { reason } => {
            let reason = reason.trim().to_owned();
            if reason.is_empty() {
                return Err(ClientRefusal::Reason);
            }
            ClientFact::Closed { reason }
        }
        ClientCommand::Reopen if client.open => return Err(ClientRefusal::Open),
        ClientCommand::Reopen => ClientFact::Reopened,
    };
    Ok(vec![ClientEvent { at, fact }])
}

/// The client after an event. Total: any event leaves some state.
#[must_use]
pub fn apply_client(mut client: ApiClient, event: &ClientEvent) -> ApiClient {
    match &event.fact {
        ClientFact::Opened { name, org, path } => {
            client.name.clone_from(name);
            client.org = Some(*org);
            client.at = Some(path.clone());
            client.open = true;
            client.per_second = USUAL_PER_SECOND;
            client.per_day = USUAL_PER_DAY;
        }
        ClientFact::ScopesSet { scopes } => client.scopes.clone_from(scopes),
        ClientFact::LimitsSet { per_second, per_day } => {
            client.per_second = *per_second;
            client.per_day = *per_day;
        }
        ClientFact::SecretDrawn => client.secret_at = Some(event.at),
        ClientFact::Closed { .. } => client.open = false,
        ClientFact::Reopened => client.open = true,
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rights::{Permission, Relation, decide, scope};

    fn path() -> OrgPath {
        OrgPath::from_stored("320400/320402/police/")
    }

    fn opened() -> ApiClient {
        let command =
            ClientCommand::Open {
                name: " 户政系统 ".into(), org: OrgId(Uuid::from_u128(1)), path: path()
            };
        does(ApiClient::default(), &command)
    }

    fn does(client: ApiClient, command: &ClientCommand) -> ApiClient {
        let events = decide_client(&client, command, Timestamp::UNIX_EPOCH).unwrap();
        events.iter().fold(client, apply_client)
    }

    fn refused(client: &ApiClient, command: &ClientCommand) -> ClientRefusal {
        decide_client(client, command, Timestamp::UNIX_EPOCH).unwrap_err()
    }

    #[test]
    fn a_new_client_has_a_name_and_limits_and_may_do_nothing_yet() {
        let client = opened();
        assert_eq!((client.name.as_str(), client.open), ("户政系统", true));
        assert_eq!((client.per_second, client.per_day), (USUAL_PER_SECOND, USUAL_PER_DAY));
        assert!(client.scopes.is_empty());
        let nameless = ClientCommand::Open { name: " ".into(), org: OrgId(Uuid::nil()), path: path() };
        assert_eq!(refused(&ApiClient::default(), &nameless), ClientRefusal::Name);
    }

    #[test]
    fn a_closed_client_is_changed_only_by_opening_it_again() {
        let closed = does(opened(), &ClientCommand::Close { reason: "停运".into() });
        assert_eq!(refused(&closed, &ClientCommand::DrawSecret), ClientRefusal::Closed);
        assert_eq!(refused(&opened(), &ClientCommand::Close { reason: " ".into() }), ClientRefusal::Reason);
        assert_eq!(refused(&opened(), &ClientCommand::Reopen), ClientRefusal::Open);
        assert!(does(closed, &ClientCommand::Reopen).open);
        let none = ClientCommand::SetLimits { per_second: 0, per_day: 1 };
        assert_eq!(refused(&opened(), &none), ClientRefusal::Limits);
    }

    #[test]
    fn the_rights_of_a_client_are_those_of_the_posts_its_scopes_stand_for_at_its_own_organisation() {
        let actor = |scopes: &[ClientScope]| {
            client_actor(Uuid::from_u128(7), &path(), &scopes.iter().copied().collect())
        };
        let may = |actor: &Actor, permission, at: &str| {
            decide(actor, permission, &OrgPath::from_stored(at), Relation::Stranger).allowed
        };
        let reads = actor(&[ClientScope::CasesRead]);
        assert!(may(&reads, Permission::ViewCase, "320400/320402/police/1/"));
        assert!(!may(&reads, Permission::ViewCase, "320400/320402/health/"));
        assert!(!may(&reads, Permission::DecideCase, "320400/320402/police/"));
        let decides = actor(&[ClientScope::CasesDecide]);
        assert!(may(&decides, Permission::DecideCase, "320400/320402/police/"));
        assert!(!may(&decides, Permission::AcceptCase, "320400/320402/police/"));
        let all = actor(ClientScope::ALL);
        for own in [Permission::ManageAccounts, Permission::GrantRoles, Permission::ReadAuditLog] {
            assert_eq!(scope(&all, own), crate::rights::Scope::None, "no scope makes an administrator");
        }
    }

    #[test]
    fn every_scope_is_found_by_the_name_it_has_in_tokens() {
        for scope in ClientScope::ALL {
            assert_eq!(ClientScope::of(scope.as_str()), Some(*scope));
            assert_eq!(serde_json::to_string(scope).unwrap(), format!("\"{}\"", scope.as_str()));
        }
        assert_eq!(ClientScope::of("cases:everything"), None);
    }
}
