//! What can be done at the window with one press, and what stands in the way: asked of the table of allowed actions.

use domain::cases::{Case, Command, Facts, Refusal, Submit, Why, apply, decide_in_turn};
use domain::catalogue::Regime;
use domain::kernel::FileId;
use uuid::Uuid;

/// One button of the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// 受理.
    Accept,
    /// 即办办结: accept, decide, make the result and hand it over in one go.
    AtOnce,
    /// 一次性告知补正.
    Notice,
    /// 容缺受理.
    Defer,
    /// 告知承诺受理.
    Promise,
    /// 只收件: take it in, judge later.
    Receive,
    /// 不受理.
    NotRequired,
    /// 不予受理.
    Refuse,
    /// 提交申请: an agent hands it in for somebody; the window judges it.
    Submit,
}

impl Deed {
    /// All of them in the order of the bar.
    pub const ALL: [Self; 9] = [
        Self::Accept,
        Self::AtOnce,
        Self::Notice,
        Self::Defer,
        Self::Promise,
        Self::Receive,
        Self::NotRequired,
        Self::Refuse,
        Self::Submit,
    ];

    /// The word in forms and addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::AtOnce => "at_once",
            Self::Notice => "notice",
            Self::Defer => "defer",
            Self::Promise => "promise",
            Self::Receive => "receive",
            Self::NotRequired => "not_required",
            Self::Refuse => "refuse",
            Self::Submit => "submit",
        }
    }

    /// The deed behind a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.word() == word)
    }

    /// The words on the button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Accept => "受理",
            Self::AtOnce => "即办办结",
            Self::Notice => "一次性告知补正",
            Self::Defer => "容缺受理",
            Self::Promise => "告知承诺",
            Self::Receive => "只收件",
            Self::NotRequired => "不受理",
            Self::Refuse => "不予受理",
            Self::Submit => "提交申请",
        }
    }

    /// The key that presses it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Accept | Self::Submit => "Ctrl+Enter",
            Self::AtOnce => "Alt+Enter",
            Self::Notice => "Ctrl+B",
            _ => "",
        }
    }

    /// It turns the applicant away.
    pub const fn turns_away(self) -> bool {
        matches!(self, Self::NotRequired | Self::Refuse)
    }

    /// It needs words or papers first and so leads to a page of its own.
    pub const fn asks(self) -> bool {
        !matches!(self, Self::Accept | Self::Receive | Self::Submit)
    }

    /// Whether the bar shows it at all, to a clerk or to who only files; `at_once` when an item is finished on the spot.
    pub fn fits(self, at_once: bool, only_files: bool) -> bool {
        (self == Self::Submit) == only_files && (self != Self::AtOnce || at_once)
    }

    /// What becomes of one of several items that are dealt with together: what lacks nothing is not asked for more, deferred or
    /// promised beside those that do, and what is not done at once is accepted beside those that are.
    pub fn of_one(self, regime: Regime, ready: bool, all_ready: bool) -> Self {
        match self {
            Self::AtOnce if regime != Regime::Immediate => Self::Accept,
            Self::Notice | Self::Defer | Self::Promise if ready && !all_ready => Self::Accept,
            own => own,
        }
    }

    /// Commands whose first refusal says whether the deed is possible; texts that a person still has to write are filled
    /// with a mark, so that only the table speaks.
    fn trial(self) -> Vec<Command> {
        let mark = || "（待填写）".to_owned();
        match self {
            Self::Accept => vec![Command::Accept],
            Self::AtOnce => vec![Command::Accept, Command::Grant { opinion: mark() }],
            Self::Notice => vec![Command::AskCorrection { items: Vec::new(), until: jiff::civil::Date::MAX }],
            Self::Defer => {
                vec![Command::AcceptDeferring { missing: Vec::new(), until: jiff::civil::Date::MAX }]
            }
            Self::Promise => vec![Command::AcceptOnCommitment { promise: FileId(Uuid::nil()) }],
            Self::Receive | Self::Submit => Vec::new(),
            Self::NotRequired => vec![Command::DeclareNotRequired { reason: mark() }],
            Self::Refuse => vec![Command::Refuse { reason: mark(), competent: mark() }],
        }
    }
}

/// The case as it would be with the material on the counter: submitted and, by a clerk, taken in; nothing decided.
///
/// # Errors
/// Why it cannot even be taken in.
pub(super) fn foreseen(submit: Submit, facts: &Facts<'_>) -> Result<Case, Refusal> {
    let mut commands = vec![Command::Submit(submit)];
    if facts.roles().window {
        commands.push(Command::Receive { materials: Vec::new() });
    }
    let events = decide_in_turn(&Case::default(), &commands, facts)?;
    Ok(events.iter().fold(Case::default(), apply))
}

/// Why the deed is not possible with this case; `None` when it is.
pub(super) fn hindrance(case: &Case, deed: Deed, facts: &Facts<'_>) -> Option<Why> {
    let why = decide_in_turn(case, &deed.trial(), facts).err()?.why;
    // What the page of the deed asks for is no hindrance.
    let asked_later = match deed {
        Deed::Notice => matches!(why, Why::NoticeEmpty | Why::NoticeIncomplete { .. }),
        Deed::Defer => matches!(why, Why::DeferralList { .. } | Why::DeferralTooLate { .. }),
        _ => false,
    };
    (!asked_later).then_some(why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::cases::{
        Actor, Applicant, Channel, Handed, MaterialTerms, Retention, Roles, StepKind, StepTerms, Terms,
    };
    use domain::kernel::time::{Days, WorkCalendar};
    use domain::kernel::{CitizenId, OrgId, StaffId};

    const HALL: OrgId = OrgId(Uuid::from_u128(1));

    fn terms(regime: Regime) -> Terms {
        let material = |code: &str, deferrable| MaterialTerms {
            code: code.into(),
            name: code.into(),
            required: true,
            deferrable,
            shared: false,
        };
        Terms {
            item: Uuid::from_u128(6).into(),
            version: Uuid::from_u128(7).into(),
            version_no: 1,
            item_code: "x".into(),
            item_name: "某事".into(),
            regime,
            statutory: None,
            promised: Some(Days::Working(if regime == Regime::Immediate { 0 } else { 10 })),
            report_up: None,
            extension: None,
            steps: vec![StepTerms {
                stage: 1,
                name: "决定".into(),
                org: HALL,
                kind: StepKind::Approve,
                limit: None,
            }],
            materials: vec![material("申请表", false), material("诊断证明", true)],
            separate_decider: false,
            immediate_authorised: regime == Regime::Immediate,
            deferral_allowed: true,
            commitment_allowed: false,
            local_stops: vec![],
            retention: Retention::Permanent,
            unconfirmed: vec![],
        }
    }

    fn hindrances(regime: Regime, brought: &[&str], roles: Roles) -> Vec<(Deed, Option<Why>)> {
        let calendar = WorkCalendar::new([]);
        let at = "2026-03-02T01:00:00Z".parse().unwrap();
        let actor = Actor::Staff { id: StaffId(Uuid::from_u128(3)), org: HALL, roles };
        let facts = Facts { at, entered_at: at, actor, calendar: &calendar, applicant_trusted: true };
        let submit = Submit {
            case: Uuid::from_u128(100).into(),
            application: Uuid::from_u128(101).into(),
            applicant: Applicant::Person { id: CitizenId(Uuid::from_u128(2)) },
            channel: Channel::Window,
            org: HALL,
            form_digest: None,
            given: None,
            materials: brought
                .iter()
                .map(|code| Handed { code: (*code).into(), paper: 1, files: vec![] })
                .collect(),
            terms: Box::new(terms(regime)),
        };
        let case = foreseen(submit, &facts).unwrap();
        Deed::ALL.into_iter().map(|deed| (deed, hindrance(&case, deed, &facts))).collect()
    }

    fn possible(of: &[(Deed, Option<Why>)]) -> Vec<Deed> {
        of.iter().filter(|(_, why)| why.is_none()).map(|(deed, _)| *deed).collect()
    }

    const CLERK: Roles = Roles {
        window: true,
        reviewer: false,
        approver: false,
        supervisor: false,
        agent: false,
        decides_at_once: false,
    };

    #[test]
    fn with_everything_on_the_counter_it_can_be_accepted_and_need_not_be_deferred() {
        let all = hindrances(Regime::Promised, &["申请表", "诊断证明"], CLERK);
        assert_eq!(
            possible(&all),
            [Deed::Accept, Deed::Notice, Deed::Receive, Deed::NotRequired, Deed::Refuse, Deed::Submit]
        );
    }

    #[test]
    fn an_agent_hands_in_and_judges_nothing() {
        let agent = Roles { window: false, agent: true, ..CLERK };
        let all = hindrances(Regime::Promised, &["申请表"], agent);
        assert_eq!(possible(&all), [Deed::Receive, Deed::Submit], "nothing is decided by either");
        let shown: Vec<Deed> = Deed::ALL.into_iter().filter(|deed| deed.fits(false, true)).collect();
        assert_eq!(shown, [Deed::Submit]);
        assert!(!Deed::Submit.fits(false, false), "a clerk takes it in at once");
    }

    #[test]
    fn what_is_missing_is_named_and_may_be_deferred_only_where_the_item_lets_it() {
        let all = hindrances(Regime::Promised, &["申请表"], CLERK);
        assert!(possible(&all).contains(&Deed::Defer));
        assert_eq!(all[0].1, Some(Why::MaterialMissing { names: vec!["诊断证明".into()] }));
        let firm = hindrances(Regime::Promised, &["诊断证明"], CLERK);
        assert_eq!(firm[3].1, Some(Why::NotDeferrable { names: vec!["申请表".into()] }));
        assert_eq!(firm[4].1, Some(Why::CommitmentNotOffered));
    }

    #[test]
    fn only_who_is_authorised_finishes_an_immediate_case_in_one_go() {
        let brought = ["申请表", "诊断证明"];
        let plain = hindrances(Regime::Immediate, &brought, CLERK);
        assert!(matches!(plain[1].1, Some(Why::NotYourRole { .. })));
        let authorised = Roles { decides_at_once: true, ..CLERK };
        assert!(possible(&hindrances(Regime::Immediate, &brought, authorised)).contains(&Deed::AtOnce));
    }

    #[test]
    fn of_several_items_only_those_that_lack_something_are_deferred_and_only_immediate_ones_finished() {
        use Regime::{Immediate, Promised};
        assert_eq!(Deed::Defer.of_one(Promised, true, false), Deed::Accept);
        assert_eq!(Deed::Defer.of_one(Promised, false, false), Deed::Defer);
        assert_eq!(Deed::Notice.of_one(Promised, true, true), Deed::Notice, "all the papers may be wrong");
        assert_eq!(Deed::AtOnce.of_one(Promised, true, true), Deed::Accept);
        assert_eq!(Deed::AtOnce.of_one(Immediate, true, true), Deed::AtOnce);
    }

    #[test]
    fn every_deed_is_read_back_from_its_word() {
        for deed in Deed::ALL {
            assert_eq!(Deed::from_word(deed.word()), Some(deed));
        }
        assert_eq!(Deed::from_word("drop"), None);
    }
}
