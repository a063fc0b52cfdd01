//! The checklist of materials: what is wanted, what lies on the counter, what is wrong with it.

use super::posted::Posted;
use super::tab::Typed;
use crate::cases::Attachment;
use crate::intake::Need;
use domain::cases::MaterialTerms;
use domain::kernel::FileId;
use ui::{Tag, TagKind};

/// The most copies of one paper.
const MOST_COPIES: u16 = 99;
/// Longest note about what is wrong, in characters.
const LONGEST_FAULT: usize = 200;

/// A stored page of a material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageView {
    /// Which.
    pub id: FileId,
    /// The material it belongs to.
    pub code: String,
    /// Its name as the scanner or the person calls it.
    pub name: String,
    /// Its size in words.
    pub size: String,
    /// A picture that can be shown in the page.
    pub image: bool,
}

/// One row of the checklist.
#[derive(Debug, Clone)]
pub(super) struct MaterialRow {
    /// Counts from 1.
    pub no: usize,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// 原件 1 份.
    pub wanted: String,
    /// The guide's note; empty for none.
    pub hint: String,
    /// The case is not complete without it.
    pub required: bool,
    /// The applicant brings it; otherwise the organ looks it up.
    pub asked: bool,
    /// Copies taken in.
    pub paper: u16,
    /// What stands in the field for the number of copies.
    pub copies: String,
    /// What is wrong with it.
    pub fault: String,
    /// Its stored pages.
    pub pages: Vec<PageView>,
    /// Where its pages are sent one by one.
    pub upload: String,
    /// Of several items, whose it is; empty for one item.
    pub of: String,
    /// How it stands.
    pub state: Tag,
    /// It is the next thing to ask for.
    pub next: bool,
}

/// Takes over what was ticked, counted and found wrong; yields the copies of each paper for the draft. A form with a number of
/// copies has its box beside it: a box that is not sent is not ticked.
pub(super) fn take(typed: &mut Typed, posted: &Posted) -> Vec<(String, u16)> {
    let mut paper = Vec::new();
    for (code, copies) in posted.under("copies.") {
        let number = copies.trim().parse::<u16>().unwrap_or(1).clamp(1, MOST_COPIES);
        typed.copies.insert(code.to_owned(), number.to_string());
        let ticked = posted.has(&format!("paper.{code}"));
        paper.push((code.to_owned(), if ticked { number } else { 0 }));
    }
    for (code, fault) in posted.under("fault.") {
        let fault: String = fault.trim().chars().take(LONGEST_FAULT).collect();
        if fault.is_empty() {
            typed.faults.remove(code);
        } else {
            typed.faults.insert(code.to_owned(), fault);
        }
    }
    paper
}

/// How many of the materials that must be brought are in order, and how many there are.
pub(super) fn progress(rows: &[MaterialRow]) -> (usize, usize) {
    let wanted = rows.iter().filter(|row| row.required);
    let in_order = |row: &&MaterialRow| row.brought() && row.fault.is_empty();
    (wanted.clone().filter(in_order).count(), wanted.count())
}

impl MaterialRow {
    /// Something of it lies on the counter.
    pub fn brought(&self) -> bool {
        self.paper > 0 || !self.pages.is_empty()
    }
}

/// A stored page as the checklist shows it.
pub(super) fn page(code: &str, file: &Attachment) -> PageView {
    let kb = file.size.div_ceil(1024);
    PageView {
        id: file.id,
        code: code.to_owned(),
        name: file.name.clone(),
        size: if kb >= 1024 {
            format!("{}.{} MB", kb / 1024, kb % 1024 * 10 / 1024)
        } else {
            format!("{kb} KB")
        },
        image: matches!(file.content_type.as_str(), "image/jpeg" | "image/png" | "image/webp"),
    }
}

/// The rows of the checklist; `upload` is where pages are sent one by one.
pub(super) fn rows(needs: &[Need], typed: &Typed, upload: &str) -> Vec<MaterialRow> {
    let row = |(at, need): (usize, &Need)| {
        let code = &need.terms.code;
        let fault = typed.faults.get(code).cloned().unwrap_or_default();
        let copies = typed.copies.get(code).cloned().unwrap_or_else(|| need.copies.max(1).to_string());
        MaterialRow {
            no: at + 1,
            code: code.clone(),
            name: need.terms.name.clone(),
            wanted: format!("{} {} 份", need.form.label(), need.copies.max(1)),
            hint: need.note.clone(),
            required: need.terms.required,
            asked: !need.terms.shared,
            paper: need.paper,
            copies,
            state: state(&need.terms, need.paper, need.pages.len(), &fault),
            pages: need.pages.iter().map(|file| page(code, file)).collect(),
            upload: format!("{upload}/{code}"),
            of: String::new(),
            next: false,
            fault,
        }
    };
    let mut rows: Vec<MaterialRow> = needs.iter().enumerate().map(row).collect();
    let open = |row: &&mut MaterialRow| row.required && (!row.brought() || !row.fault.is_empty());
    if let Some(next) = rows.iter_mut().find(open) {
        next.next = true;
    }
    rows
}

fn state(m: &MaterialTerms, paper: u16, pages: usize, fault: &str) -> Tag {
    if m.shared {
        return Tag::new(TagKind::Green, "免交，数据共享");
    }
    if !fault.is_empty() {
        return Tag::new(TagKind::Amber, "有问题");
    }
    match (paper, pages) {
        (0, 0) if m.required && m.deferrable => Tag::new(TagKind::Red, "缺，可容缺"),
        (0, 0) if m.required => Tag::new(TagKind::Red, "必交，缺"),
        (0, 0) => Tag::new(TagKind::Plain, "需要时才交"),
        _ => Tag::new(TagKind::Green, "已收"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_that_is_not_sent_is_not_ticked_and_its_number_stays() {
        let mut typed = Typed::default();
        let paper =
            take(&mut typed, &Posted::of(&[("paper.m1", "1"), ("copies.m1", "2"), ("copies.m2", "3")]));
        assert_eq!(paper, [("m1".to_owned(), 2), ("m2".to_owned(), 0)]);
        let paper = take(&mut typed, &Posted::of(&[("copies.m1", "2")]));
        assert_eq!((paper, typed.copies["m1"].as_str()), (vec![("m1".to_owned(), 0)], "2"));
    }

    #[test]
    fn a_number_of_copies_that_is_none_counts_as_one() {
        for (text, number) in [("", 1), ("0", 1), ("-3", 1), ("一", 1), ("70000", 1), ("999", 99)] {
            let paper = take(&mut Typed::default(), &Posted::of(&[("paper.m1", "1"), ("copies.m1", text)]));
            assert_eq!(paper, [("m1".to_owned(), number)], "{text}");
        }
    }

    #[test]
    fn a_note_that_is_emptied_is_gone() {
        let mut typed = Typed::default();
        take(&mut typed, &Posted::of(&[("fault.m1", " 第 2 页看不清 ")]));
        assert_eq!(typed.faults["m1"], "第 2 页看不清");
        take(&mut typed, &Posted::of(&[("fault.m1", " ")]));
        assert!(typed.faults.is_empty());
    }
}
