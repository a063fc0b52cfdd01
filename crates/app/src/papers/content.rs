//! What a paper says: the event it tells of, put into the words of the paper.

use ::papers::{self as paper, Head, Kind, Matter, Paper, Way};
use domain::cases::{
    Acceptance, Case, Delivery, Dues, Event, Happened, REMEDIES, StopGround, TerminationGround, Terms,
};
use domain::catalogue::{Item, ItemType};
use domain::kernel::time::{Due, legal_day, notice_due, wall_clock};
use domain::org::Org;
use jiff::civil::Date;

use super::organ;
use crate::cases::Receiver;
use crate::city::City;

/// Everything a paper is made from.
pub struct Source<'a> {
    /// The city as it is now.
    pub city: &'a City,
    /// The case before the event.
    pub before: &'a Case,
    /// The case after it.
    pub after: &'a Case,
    /// The event.
    pub event: &'a Event,
    /// The short number of the case, grouped.
    pub case_number: String,
    /// The applicant's whole name.
    pub recipient: String,
    /// Name of the member of staff who acted; empty when it was nobody.
    pub staff: String,
    /// Who took the result; nothing where nobody came, or only a scan of the signature tells.
    pub receiver: Option<Receiver>,
    /// The demo city: papers are marked as examples.
    pub demo: bool,
}

impl Source<'_> {
    /// The terms of the case.
    fn terms(&self) -> Option<&Terms> {
        self.after.terms()
    }

    /// The item as it is now.
    fn item(&self) -> Option<&Item> {
        self.city.item(self.terms()?.item)
    }

    /// Who issues the paper: the organisation that acted, or the one that has the case.
    pub fn organ(&self) -> Option<&Org> {
        let front = self.after.submission.as_ref().map(|s| s.org);
        let acted = match self.event.by {
            domain::cases::Who::Staff { org, .. } => Some(org),
            _ => None,
        };
        acted.or(self.after.reported_to).or(front).and_then(|org| self.city.org(org))
    }

    /// Where the applicant came in.
    fn front(&self) -> Option<&Org> {
        self.after.submission.as_ref().and_then(|s| self.city.org(s.org))
    }

    /// The day on the paper.
    pub fn day(&self) -> Date {
        legal_day(self.event.at)
    }

    /// The kind of matter; an item that is no longer known is treated as a service, which claims no power.
    fn matter(&self) -> Matter {
        match self.item().map(|item| item.identity.item_type.value) {
            Some(ItemType::Licence) => Matter::Licence,
            Some(ItemType::Confirmation) => Matter::Confirmation,
            Some(ItemType::Payment) => Matter::Payment,
            Some(ItemType::PublicService) | None => Matter::Service,
            Some(_) => Matter::Power,
        }
    }

    /// Where to ask: telephone and place.
    fn contact(&self) -> String {
        let phone = self.item().map_or("", |item| item.guide.contact.advice.value.trim());
        let place = self.front().map_or("", |org| org.name.as_str());
        let parts = [if phone.is_empty() { String::new() } else { format!("电话{phone}") }, place.to_owned()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("，")
    }

    fn head(&self) -> Head {
        let guide = self.item().map(|item| &item.guide);
        Head {
            organ: self.organ().map(|org| org.name.clone()).unwrap_or_default(),
            number: String::new(),
            case_number: self.case_number.clone(),
            query_hint: String::new(),
            issued_on: day(self.day()),
            recipient: self.recipient.clone(),
            item: self.terms().map(|terms| terms.item_name.clone()).unwrap_or_default(),
            matter: self.matter(),
            verify_url: String::new(),
            verify_code: String::new(),
            example: self.demo || guide.is_none_or(|guide| guide.time.promised.basis.is_placeholder()),
        }
    }

    /// The name of a material, or its code where the terms no longer know it.
    fn material(&self, code: &str) -> String {
        let known = self.terms().and_then(|terms| terms.material(code));
        known.map_or_else(|| code.to_owned(), |material| material.name.clone())
    }

    fn handed(&self, list: &[domain::cases::Handed]) -> Vec<paper::Handed> {
        let one = |form: &str, count: usize, name: &str| paper::Handed {
            name: name.to_owned(),
            form: form.to_owned(),
            count: u32::try_from(count).unwrap_or(u32::MAX),
            note: String::new(),
        };
        let each = |handed: &domain::cases::Handed| {
            let name = self.material(&handed.code);
            let on_paper = (handed.paper > 0).then(|| one("纸质", handed.paper.into(), &name));
            let files = (!handed.files.is_empty()).then(|| one("电子文件", handed.files.len(), &name));
            on_paper.into_iter().chain(files)
        };
        list.iter().flat_map(each).collect()
    }
}

/// `2026年3月2日`.
pub fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// The last day of a period, with what is not certain about it.
fn due(due: Option<Due>) -> String {
    due.map_or_else(String::new, |due| {
        let doubt = if due.beyond_calendar { "（该年放假安排公布后可能调整）" } else { "" };
        format!("{}{doubt}", day(due.date))
    })
}

fn leading(dues: &Dues) -> String {
    due(dues.promised.or(dues.statutory))
}

/// A limit in words; zero working days is on the spot.
fn limit(days: domain::kernel::time::Days) -> String {
    if days.number() == 0 { "当场办结".to_owned() } else { days.to_string().replace(' ', "") }
}

/// The paper of that kind about the event; `None` when the event calls for no such paper.
pub fn write(source: &Source<'_>, kind: Kind) -> Option<Paper> {
    let head = source.head();
    match (&source.event.what, kind) {
        (Happened::Submitted { materials, .. } | Happened::Received { materials, .. }, Kind::Receipt)
        | (
            Happened::Resubmitted { materials, .. } | Happened::DeferredSupplied { materials },
            Kind::Receipt,
        ) => Some(receipt(source, head, materials)),
        (Happened::CorrectionAsked { items, until, .. }, _) => Some(Paper::Correction(paper::Correction {
            lacks: items
                .iter()
                .map(|item| paper::Lack { name: source.material(&item.code), reason: item.reason.clone() })
                .collect(),
            supply_by: day(*until),
            how: format!("可以在网上补交，也可以到{}补交。", place(source)),
            contact: source.contact(),
            head,
        })),
        (Happened::NotRequired { reason }, _) => Some(Paper::NotRequired(paper::NotRequired {
            remedies: remedies(source, domain::cases::REMEDIES),
            reason: reason.clone(),
            head,
        })),
        (Happened::Refused { reason, competent, remedies: told }, _) => {
            Some(Paper::NotAccepted(paper::NotAccepted {
                remedies: remedies(source, *told),
                reason: reason.clone(),
                competent_organ: competent.clone(),
                competent_contact: String::new(),
                head,
            }))
        }
        (Happened::Accepted { .. }, Kind::Fee) => fee(source, head),
        (Happened::Accepted { how, on, .. }, _) => Some(accepted(source, head, how, *on)),
        (Happened::ReportedUp { to, .. }, _) => Some(transfer(source, head, *to)),
        (Happened::Suspended { .. } | Happened::Extended { .. }, _) => clock(source, head),
        (Happened::Granted { .. } | Happened::Denied { .. }, _) => decision(source, head),
        (Happened::Delivered { how }, _) => Some(delivery(source, head, how)),
        (Happened::Terminated { ground, reason }, _) => Some(termination(source, head, *ground, reason)),
        _ => None,
    }
}

fn place(source: &Source<'_>) -> String {
    source.front().map_or_else(|| "原来的窗口".to_owned(), |org| org.name.clone())
}

fn remedies(source: &Source<'_>, told: domain::cases::Remedies) -> paper::Remedies {
    let nature = source.item().map(|item| item.subject.nature.value);
    organ::remedies(source.city, source.organ(), source.matter(), nature, told, &source.contact())
}

fn receipt(source: &Source<'_>, head: Head, materials: &[domain::cases::Handed]) -> Paper {
    let at = wall_clock(source.event.at);
    let reply = match &source.event.what {
        Happened::Received { notice_due, .. } | Happened::Resubmitted { notice_due, .. } => *notice_due,
        _ => notice_due(source.day(), &source.city.calendar),
    };
    Paper::Receipt(paper::Receipt {
        received_at: format!("{}{}时{:02}分", day(source.day()), at.hour(), at.minute()),
        materials: source.handed(materials),
        reply_by: due(Some(reply)),
        contact: source.contact(),
        head,
    })
}

fn accepted(source: &Source<'_>, head: Head, how: &Acceptance, on: Date) -> Paper {
    let runs = source.after.limits.leading();
    let due_on = due(runs.and_then(|limit| limit.due));
    let way = match how {
        Acceptance::Deferring { missing, until } => {
            let reason = || "可以在受理后补交。".to_owned();
            let lack = |code: &String| paper::Lack { name: source.material(code), reason: reason() };
            return Paper::Deferral(paper::Deferral {
                accepted_on: day(on),
                lacks: missing.iter().map(lack).collect(),
                supply_by: day(*until),
                due_on,
                consequence: "到期没有补齐的，我们会终止办理；您以后可以重新申请。".to_owned(),
                contact: source.contact(),
                head,
            });
        }
        Acceptance::Complete => Way::Complete,
        Acceptance::Commitment { .. } => Way::Pledge,
        Acceptance::Deemed => Way::Deemed,
    };
    Paper::Acceptance(paper::Acceptance {
        way,
        accepted_on: day(on),
        limit: runs.map_or_else(String::new, |l| limit(l.clock.allowance)),
        due_on,
        contact: source.contact(),
        head,
    })
}

/// The sum of an item's charges, when every one is known.
pub fn charges(item: Option<&Item>) -> Option<u64> {
    let rows = item.filter(|item| item.guide.fee.charged).map(|item| item.guide.fee.rows.as_slice())?;
    if rows.is_empty() { None } else { rows.iter().map(|row| row.fen).sum() }
}

/// 分 as yuan: `10.00`.
fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn fee(source: &Source<'_>, head: Head) -> Option<Paper> {
    let item = source.item()?;
    let total = charges(Some(item))?;
    let basis = item.guide.fee.basis.text();
    let line = |row: &domain::catalogue::FeeRow| paper::FeeLine {
        name: row.name.clone(),
        basis: basis.to_owned(),
        amount: row.fen.map_or_else(String::new, yuan),
    };
    Some(Paper::Fee(paper::Fee {
        lines: item.guide.fee.rows.iter().map(line).collect(),
        total: yuan(total),
        pay_by: "领取结果".to_owned(),
        how: "可以到窗口缴纳现金、刷卡或者扫码支付。".to_owned(),
        contact: source.contact(),
        head,
    }))
}

fn transfer(source: &Source<'_>, head: Head, to: domain::kernel::OrgId) -> Paper {
    Paper::Transfer(paper::Transfer {
        from: place(source),
        to: source.city.org(to).map(|org| org.name.clone()).unwrap_or_default(),
        materials: source.handed(&source.after.materials),
        note: String::new(),
        head,
    })
}

/// 行政许可法 art. 45 governs licences; other matters may only follow its example.
fn basis_of_stop(source: &Source<'_>, ground: &StopGround, basis: &str) -> String {
    match ground {
        StopGround::Local { .. } => basis.to_owned(),
        _ if source.matter() == Matter::Licence => "《中华人民共和国行政许可法》第四十五条".to_owned(),
        _ => "参照《中华人民共和国行政许可法》第四十五条".to_owned(),
    }
}

fn clock(source: &Source<'_>, head: Head) -> Option<Paper> {
    match &source.event.what {
        Happened::Suspended { ground: why, basis, expected, from, foreseen, .. } => {
            Some(Paper::SpecialProcedure(paper::SpecialProcedure {
                procedure: why.label(source.terms()).to_owned(),
                ground: basis_of_stop(source, why, basis),
                starts_on: day(*from),
                expected_days: limit(*expected),
                new_due_on: leading(foreseen),
                contact: source.contact(),
                head,
            }))
        }
        Happened::Extended { days, reason, dues, .. } => Some(Paper::Extension(paper::Extension {
            reason: reason.clone(),
            approved_by: "本机关负责人".to_owned(),
            extra_days: limit(*days),
            old_due_on: leading(&source.before.limits.dues()),
            new_due_on: leading(dues),
            contact: source.contact(),
            head,
        })),
        _ => None,
    }
}

/// The legal basis of the item, as far as somebody confirmed it.
fn basis(source: &Source<'_>) -> String {
    let all = source.item().map_or(&[][..], |item| &item.identity.legal_basis);
    let sure = all.iter().filter(|law| !law.basis.is_placeholder()).map(|law| law.value.as_str());
    sure.collect::<Vec<_>>().join("；")
}

fn decision(source: &Source<'_>, head: Head) -> Option<Paper> {
    match &source.event.what {
        Happened::Granted { deliver_by, .. } => {
            let outcome = source.item().map(|item| &item.guide.outcome);
            Some(Paper::Grant(paper::Grant {
                basis: basis(source),
                note: String::new(),
                certificate: outcome.map(|o| o.name.value.clone()).unwrap_or_default(),
                deliver_by: due(Some(*deliver_by)),
                collect: outcome.map(|o| o.delivery.clone()).unwrap_or_default(),
                head,
            }))
        }
        Happened::Denied { reasons, remedies: told, .. } => Some(Paper::Denial(paper::Denial {
            facts: String::new(),
            reasons: reasons.lines().map(str::trim).filter(|r| !r.is_empty()).map(str::to_owned).collect(),
            basis: basis(source),
            remedies: remedies(source, *told),
            head,
        })),
        _ => None,
    }
}

fn delivery(source: &Source<'_>, head: Head, how: &Delivery) -> Paper {
    let (method, place) = match how {
        Delivery::Window { .. } => ("窗口领取".to_owned(), place(source)),
        Delivery::Post { carrier, tracking } => {
            (format!("邮寄（{carrier}，运单号{tracking}）"), String::new())
        }
        Delivery::Electronic => ("电子送达".to_owned(), "申请人的个人空间".to_owned()),
    };
    let granted = source.before.document_no.is_some();
    let decided = if granted { Kind::Grant } else { Kind::Denial }.title(head.matter).to_owned();
    let result = source.item().map(|item| item.guide.outcome.name.value.clone()).unwrap_or_default();
    let name = if granted && !result.is_empty() { result } else { decided };
    let form = if matches!(how, Delivery::Electronic) { "电子文件" } else { "纸质" };
    let number = source.before.document_no.clone().unwrap_or_default();
    let until = source.before.valid_until.map(|until| format!("有效期至{}", day(until)));
    let note =
        [number].into_iter().chain(until).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("，");
    let signed = match how {
        Delivery::Window { signature: None, .. } => "在本回证上签名，原件由窗口留存",
        Delivery::Window { .. } => "签名的扫描件随办件保存",
        Delivery::Post { .. } | Delivery::Electronic => "",
    };
    Paper::Delivery(paper::Delivery {
        documents: vec![paper::Handed { name, form: form.to_owned(), count: 1, note }],
        method,
        place,
        receiver: source.receiver.as_ref().map(Receiver::sentence).unwrap_or_default(),
        signed: signed.to_owned(),
        sender: source.staff.clone(),
        head,
    })
}

fn termination(source: &Source<'_>, head: Head, ground: TerminationGround, reason: &str) -> Paper {
    Paper::Termination(paper::Termination {
        ground: ground.label().to_owned(),
        reason: reason.to_owned(),
        ended_on: day(source.day()),
        contact: source.contact(),
        remedies: remedies(source, REMEDIES),
        head,
    })
}
