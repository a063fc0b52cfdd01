//! One case's life, from the application to wherever it stands on the last day, decided step by step by the law itself.

use crate::dice::Dice;
use domain::cases::{
    Actor, Applicant, Case, Channel, Command, Delivery, Event, Facts, Handed, Roles, Status, StepKind,
    StopGround, Submit, Terms, ToCorrect, apply, decide,
};
use domain::catalogue::Regime;
use domain::kernel::time::{Days, WorkCalendar};
use domain::kernel::{ApplicationId, CaseId, CitizenId, OrgId, StaffId};
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use uuid::Uuid;

/// What a life needs to know of the world.
pub struct World<'a> {
    /// The days worked.
    pub calendar: &'a WorkCalendar,
    /// Nothing happens after this instant.
    pub now: Timestamp,
}

/// A case that has been lived.
pub struct Life {
    /// Whose it was: the place among the people of the year.
    pub citizen: usize,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// Each organisation has a few people of each post; their ids follow from its own.
fn person(org: OrgId, post: u128, dice: &mut Dice) -> StaffId {
    StaffId(Uuid::from_u128(org.uuid().as_u128() ^ (post << 8) ^ u128::from(dice.below(4) + 1)))
}

fn staff(org: OrgId, post: u128, roles: Roles, dice: &mut Dice) -> Actor {
    Actor::Staff { id: person(org, post, dice), org, roles }
}

struct Living<'a> {
    world: &'a World<'a>,
    dice: Dice,
    case: Case,
    at: Timestamp,
    events: Vec<Event>,
    suspended_before: bool,
    asked_extension: bool,
}

/// Lives one case of these terms, handed in at `at`.
///
/// # Errors
/// With the law's words when a step was not legal: then the generator is wrong.
pub fn live(
    world: &World<'_>,
    terms: Terms,
    accepting: OrgId,
    at: Timestamp,
    (who, citizen): (usize, CitizenId),
    mut dice: Dice,
) -> Result<Life, String> {
    let millis = at.as_millisecond();
    let incomplete = dice.chance(90);
    let materials = terms.materials.iter().filter(|m| !m.shared).skip(usize::from(incomplete));
    let online = dice.chance(550);
    let submit = Submit {
        case: CaseId(dice.id(millis)),
        application: ApplicationId(dice.id(millis)),
        applicant: Applicant::Person { id: citizen },
        channel: if online { Channel::Online } else { Channel::Window },
        org: accepting,
        form_digest: None,
        given: None,
        materials: materials.map(|m| Handed { code: m.code.clone(), paper: 1, files: vec![] }).collect(),
        terms: Box::new(terms),
    };
    let actor = if online {
        Actor::Citizen { id: citizen }
    } else {
        staff(accepting, 1, Roles { window: true, ..Roles::default() }, &mut dice)
    };
    let mut living = Living {
        world,
        dice,
        case: Case::default(),
        at,
        events: Vec::with_capacity(10),
        suspended_before: false,
        asked_extension: false,
    };
    living.act(actor, &Command::Submit(submit))?;
    while living.step()? {}
    Ok(Life { citizen: who, events: living.events })
}

impl Living<'_> {
    fn act(&mut self, actor: Actor, command: &Command) -> Result<(), String> {
        let facts = Facts {
            at: self.at,
            entered_at: self.at,
            actor,
            calendar: self.world.calendar,
            applicant_trusted: true,
        };
        let events = decide(&self.case, command, &facts)
            .map_err(|refusal| format!("{:?} in {:?}: {refusal}", command.action(), self.case.status))?;
        for event in events {
            self.case = apply(std::mem::take(&mut self.case), &event);
            self.events.push(event);
        }
        Ok(())
    }

    /// Lets some minutes pass, to the next hour somebody works; false when that is beyond the last day.
    fn wait(&mut self, minutes: u64) -> bool {
        let minutes = i64::try_from(minutes).unwrap_or(0);
        let mut local =
            (self.at + SignedDuration::from_mins(minutes)).to_zoned(TimeZone::fixed(jiff::tz::offset(8)));
        while !(9..17).contains(&local.hour()) || !self.world.calendar.is_working(local.date()) {
            local = local.saturating_add(50.minutes());
        }
        self.at = local.timestamp();
        self.at <= self.world.now
    }

    fn accepting(&self) -> OrgId {
        self.case.submission.as_ref().map_or(OrgId(Uuid::nil()), |s| s.org)
    }

    fn clerk(&mut self) -> Actor {
        let roles = Roles { window: true, decides_at_once: true, approver: true, ..Roles::default() };
        staff(self.accepting(), 1, roles, &mut self.dice)
    }

    /// How long one step of the back office takes: mostly a third of the promise, sometimes far too long.
    fn office_minutes(&mut self) -> u64 {
        let promised = self.case.terms().and_then(|t| t.promised).map_or(5, |days| match days {
            Days::Working(n) => u64::from(n) * 7 / 5 + 1,
            Days::Natural(n) => u64::from(n),
        });
        let day = 24 * 60;
        if self.dice.chance(20) { promised * day } else { self.dice.below(promised * day / 6 + 60) + 20 }
    }

    /// The next thing that happens; false when nothing does any more.
    fn step(&mut self) -> Result<bool, String> {
        match self.case.status {
            Status::Submitted => self.receive(),
            Status::Received => self.at_window(),
            Status::Correcting => self.correct(),
            Status::InReview => self.review(),
            Status::Suspended => self.resume(),
            Status::Granted => self.make_result(),
            Status::Denied | Status::ResultReady => self.deliver(),
            Status::Delivered => self.archive(),
            _ => Ok(false),
        }
    }

    fn receive(&mut self) -> Result<bool, String> {
        let minutes = self.dice.below(300);
        if !self.wait(minutes) {
            return Ok(false);
        }
        let clerk = self.clerk();
        if self.dice.chance(8) {
            let reason = "申请事项依法不需要取得行政许可".to_owned();
            self.act(clerk, &Command::DeclareNotRequired { reason })?;
            return Ok(true);
        }
        self.act(clerk, &Command::Receive { materials: vec![] })?;
        Ok(true)
    }

    fn at_window(&mut self) -> Result<bool, String> {
        let minutes = self.dice.below(90) + 3;
        if !self.wait(minutes) {
            return Ok(false);
        }
        let clerk = self.clerk();
        let missing: Vec<String> = self.case.missing().into_iter().map(str::to_owned).collect();
        if missing.is_empty() {
            self.act(clerk, &Command::Accept)?;
        } else {
            let until = domain::kernel::time::legal_day(self.at).saturating_add(30.days());
            let reason = "未提供，请补交原件或清晰的扫描件";
            let items =
                missing.into_iter().map(|code| ToCorrect { code, reason: reason.to_owned() }).collect();
            self.act(clerk, &Command::AskCorrection { items, until })?;
        }
        Ok(true)
    }

    fn correct(&mut self) -> Result<bool, String> {
        let minutes = self.dice.below(6 * 24 * 60) + 60;
        if !self.wait(minutes) {
            return Ok(false);
        }
        let codes = self.case.notices.last().map(|n| n.codes.clone()).unwrap_or_default();
        let materials = codes.into_iter().map(|code| Handed { code, paper: 1, files: vec![] }).collect();
        let Some(citizen) = self.case.submission.as_ref().map(|s| s.applicant.person()) else {
            return Ok(false);
        };
        let actor = Actor::Citizen { id: citizen };
        if self.dice.chance(100) {
            self.act(actor, &Command::Withdraw { reason: "材料暂时办不下来，以后再申请".to_owned() })?;
            return Ok(true);
        }
        self.act(actor, &Command::Resubmit { materials })?;
        Ok(true)
    }

    fn review(&mut self) -> Result<bool, String> {
        if self.case.regime() == Some(Regime::Immediate) {
            let clerk = self.clerk();
            self.act(clerk, &Command::Grant { opinion: "材料齐全，符合条件，当场准予".to_owned() })?;
            return Ok(true);
        }
        let minutes = self.office_minutes();
        if !self.wait(minutes) {
            return Ok(false);
        }
        if !self.suspended_before && self.dice.chance(40) {
            self.suspended_before = true;
            return self.suspend();
        }
        if !self.asked_extension
            && self.case.terms().is_some_and(|t| t.extension.is_some())
            && self.dice.chance(15)
        {
            self.asked_extension = true;
            return self.extend();
        }
        self.open_step()
    }

    /// Whose step is open now, and what it is for.
    fn open(&self) -> Option<(usize, OrgId, StepKind)> {
        let no = *self.case.open_steps().first()?;
        self.case.step(no).map(|(terms, _)| (no, terms.org, terms.kind))
    }

    fn open_step(&mut self) -> Result<bool, String> {
        let below = self.case.regime() == Some(Regime::ReportUp) && self.case.reported_to.is_none();
        let Some((step, org, kind)) = self.open() else {
            if below {
                let to = self.case.terms().and_then(|t| t.steps.last()).map(|s| s.org);
                let reviewer = self.reviewer(self.accepting());
                let opinion = "初审同意，上报审批".to_owned();
                self.act(reviewer, &Command::ReportUp { to: to.unwrap_or(self.accepting()), opinion })?;
                return Ok(true);
            }
            return Ok(false);
        };
        if kind == StepKind::Approve {
            let approver = staff(org, 3, Roles { approver: true, ..Roles::default() }, &mut self.dice);
            let command = if self.dice.chance(55) {
                Command::Deny {
                    reasons: "经审查，申请人不符合规定的条件，理由详见审查意见".to_owned()
                }
            } else {
                Command::Grant { opinion: "同意".to_owned() }
            };
            self.act(approver, &command)?;
            return Ok(true);
        }
        let reviewer = self.reviewer(org);
        self.act(reviewer, &Command::Claim { step })?;
        let opinion = "材料齐全，符合条件".to_owned();
        self.act(reviewer, &Command::PassStep { step, favourable: true, opinion })?;
        Ok(true)
    }

    fn reviewer(&mut self, org: OrgId) -> Actor {
        staff(org, 2, Roles { reviewer: true, ..Roles::default() }, &mut self.dice)
    }

    fn suspend(&mut self) -> Result<bool, String> {
        let org = self.open().map_or(self.accepting(), |(_, org, _)| org);
        let reviewer = self.reviewer(org);
        let paper_no = format!("特告{}号", self.dice.below(100_000));
        let expected = Days::Working(5);
        self.act(reviewer, &Command::Suspend { ground: StopGround::Inspection, paper_no, expected })?;
        Ok(true)
    }

    fn resume(&mut self) -> Result<bool, String> {
        let minutes = self.dice.below(8 * 24 * 60) + 600;
        if !self.wait(minutes) {
            return Ok(false);
        }
        let org = self.open().map_or(self.accepting(), |(_, org, _)| org);
        let reviewer = self.reviewer(org);
        self.act(reviewer, &Command::Resume { outcome: "检验合格".to_owned() })?;
        Ok(true)
    }

    fn extend(&mut self) -> Result<bool, String> {
        let org = self.open().map_or(self.accepting(), |(_, org, _)| org);
        let reviewer = self.reviewer(org);
        let reason = "情况复杂，需要向有关单位核实".to_owned();
        if self.act(reviewer, &Command::RequestExtension { reason }).is_err() {
            return self.open_step();
        }
        let approver = staff(org, 3, Roles { approver: true, ..Roles::default() }, &mut self.dice);
        self.act(approver, &Command::ApproveExtension)?;
        Ok(true)
    }

    fn make_result(&mut self) -> Result<bool, String> {
        let minutes = if self.case.regime() == Some(Regime::Immediate) { 2 } else { self.dice.below(1500) };
        if !self.wait(minutes) {
            return Ok(false);
        }
        let clerk = self.clerk();
        let document_no =
            format!("〔{}〕{}号", self.at.to_zoned(TimeZone::UTC).year(), self.dice.below(1_000_000));
        self.act(clerk, &Command::MakeResult { document_no, file: None, valid_until: None })?;
        Ok(true)
    }

    fn deliver(&mut self) -> Result<bool, String> {
        let minutes =
            if self.case.regime() == Some(Regime::Immediate) { 2 } else { self.dice.below(4 * 24 * 60) };
        if !self.wait(minutes) {
            return Ok(false);
        }
        let clerk = self.clerk();
        let how = if self.dice.chance(300) {
            Delivery::Post {
                carrier: "邮政".to_owned(),
                tracking: format!("EMS{:011}", self.dice.below(100_000_000_000)),
            }
        } else {
            Delivery::Electronic
        };
        self.act(clerk, &Command::Deliver { how })?;
        Ok(true)
    }

    fn archive(&mut self) -> Result<bool, String> {
        if !self.wait(20 * 24 * 60) {
            return Ok(false);
        }
        let clerk = self.clerk();
        self.act(clerk, &Command::Archive)?;
        Ok(true)
    }
}
