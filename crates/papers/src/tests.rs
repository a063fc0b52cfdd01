//! Every paper is set and read back.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use proptest::prelude::*;
use serde_json::Value;
use std::sync::LazyLock;

use crate::{Denial, Matter, Paper, Remedies, Typesetter, samples};

/// What pdftotext says of a PDF, or `None` (with a printed note) where it is not installed.
fn run_pdftotext(pdf: &[u8], how: &[&str]) -> Option<String> {
    let started = Command::new("pdftotext")
        .args(["-enc", "UTF-8"])
        .args(how)
        .args(["-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = started else {
        println!("note: pdftotext is not installed, the text of the papers is not checked");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let bytes = pdf.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&bytes).unwrap());
    let out = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Some(String::from_utf8(out.stdout).unwrap())
}

/// Text of a PDF without white space.
fn text_of(pdf: &[u8]) -> Option<String> {
    let text = run_pdftotext(pdf, &[])?;
    Some(text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{c}' | '\u{200b}')).collect())
}

#[test]
fn every_paper_is_set_and_names_the_applicant_with_rare_characters() {
    let setter = Typesetter::new().unwrap();
    for paper in samples() {
        let pdf = setter.render(&paper).unwrap_or_else(|e| panic!("{}: {e}", paper.template()));
        assert!(pdf.starts_with(b"%PDF"));
        if let Some(dir) = option_env!("PAPERS_OUT") {
            std::fs::write(format!("{dir}/{}.pdf", paper.template()), &pdf).unwrap();
        }
        if let Some(text) = text_of(&pdf) {
            let head = paper.head();
            for part in ["张𬶏㛃𣗋", &head.item, &head.number, &head.issued_on, "示例内容", "第1页"]
            {
                assert!(text.contains(part), "{} lacks {part}: {text}", paper.template());
            }
        }
    }
}

#[test]
fn a_name_with_markup_comes_out_as_plain_text() {
    let setter = Typesetter::new().unwrap();
    let hostile = "#panic(1)*a*\"b\"$x$\\[c]@d<e>#read(\"/etc/passwd\")";
    let mut paper = samples().remove(1);
    let Paper::Acceptance(data) = &mut paper else { panic!("the second sample is the acceptance") };
    data.head.recipient = format!("{hostile}\n第二行");
    data.limit = hostile.into();
    let pdf = setter.render(&paper).unwrap();
    if let Some(text) = text_of(&pdf) {
        assert!(text.contains("#panic(1)*a*") && text.contains("#read("), "{text}");
        assert!(text.contains("第二行"));
    }
}

#[test]
fn a_name_of_ten_thousand_characters_runs_over_pages() {
    let setter = Typesetter::new().unwrap();
    let mut paper = samples().remove(1);
    let Paper::Acceptance(data) = &mut paper else { panic!("the second sample is the acceptance") };
    data.head.recipient = "龘".repeat(10_000);
    let pdf = setter.render(&paper).unwrap();
    if let Some(text) = text_of(&pdf) {
        assert!(text.matches('龘').count() >= 10_000);
        assert!(text.contains("第2页"));
    }
}

#[test]
fn an_address_too_long_for_a_qr_code_is_printed_instead() {
    let setter = Typesetter::new().unwrap();
    let mut paper = samples().remove(1);
    paper.head_mut().verify_url = "a".repeat(5_000);
    let pdf = setter.render(&paper).unwrap();
    if let Some(text) = text_of(&pdf) {
        assert!(text.contains("核验网址"), "{text}");
    }
}

#[test]
fn a_paper_is_named_and_worded_after_its_kind_of_matter() {
    let setter = Typesetter::new().unwrap();
    for paper in samples() {
        for matter in Matter::ALL {
            let mut paper = paper.clone();
            paper.head_mut().matter = *matter;
            if let Paper::SpecialProcedure(data) = &mut paper {
                data.ground = "《示例市公示办法》第五条".into();
            }
            let pdf = setter.render(&paper).unwrap();
            let Some(text) = text_of(&pdf) else { return };
            assert!(text.contains(paper.title()), "{} lacks its title: {text}", paper.template());
            if *matter != Matter::Licence {
                assert!(!text.contains("行政许可"), "{}: {text}", paper.template());
            }
        }
    }
}

#[test]
fn remedies_are_told_only_where_the_law_gives_them() {
    let setter = Typesetter::new().unwrap();
    let complain_to = String::from("清河县总工会（电话0000-0000000）");
    let service = Remedies::Service { complain_to: complain_to.clone(), review_days: 60, suit_months: 6 };
    let table = [
        (samples().remove(8), true, true),
        (with_remedies(service), true, true),
        (with_remedies(Remedies::Complaint { complain_to }), false, false),
    ];
    for (paper, review, suit) in table {
        let Some(text) = text_of(&setter.render(&paper).unwrap()) else { return };
        assert_eq!(text.contains("60日内"), review, "{text}");
        assert_eq!(text.contains("6个月内"), suit, "{text}");
    }
}

fn with_remedies(remedies: Remedies) -> Paper {
    let Paper::Denial(denial) = samples().remove(8) else { panic!("the ninth sample is the denial") };
    Paper::Denial(Denial { remedies, ..denial })
}

#[test]
fn a_rare_character_is_printed_or_told_by_its_code() {
    let setter = Typesetter::new().unwrap();
    let mut paper = samples().remove(1);
    // The table of standard characters (通用规范汉字表) reaches into extension E; names bring others besides.
    paper.head_mut().recipient = "䶮𬸘𫖯𬶏㛃·阿卜杜热西提𱍐\u{e863}".into();
    if let Some(text) = text_of(&setter.render(&paper).unwrap()) {
        assert!(text.contains("䶮𬸘𫖯𬶏㛃·阿卜杜热西提"), "{text}");
        assert!(text.contains("U+E863"), "{text}");
        assert!(text.contains("U+31350"), "{text}");
    }
}

/// Puts a text into every field of a paper that is not one of a few fixed words.
fn filled(paper: &Paper, text: &str) -> Paper {
    fn fill(value: &mut Value, text: &str) {
        match value {
            Value::String(old) => text.clone_into(old),
            Value::Array(list) => list.iter_mut().for_each(|value| fill(value, text)),
            Value::Object(fields) => fields
                .iter_mut()
                .filter(|(name, _)| !["kind", "matter", "way"].contains(&name.as_str()))
                .for_each(|(_, value)| fill(value, text)),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(paper).unwrap();
    fill(&mut value, text);
    serde_json::from_value(value).unwrap()
}

#[test]
fn a_long_text_in_every_field_stays_on_the_paper() {
    let setter = Typesetter::new().unwrap();
    for text in ["字".repeat(800), "W".repeat(200)] {
        let pdf = setter.render(&filled(&samples().remove(8), &text)).unwrap();
        if let Some(out) = text_of(&pdf) {
            let each = text.chars().next().unwrap();
            let fields = 5;
            assert!(out.matches(each).count() >= fields * text.chars().count());
        }
        if let Some(right) = right_edge(&pdf) {
            assert!(right <= 595.3 - 60.0, "text stands at {right} of 595 points");
        }
    }
}

/// The rightmost end of a word in points, by pdftotext; `None` where it is not installed.
fn right_edge(pdf: &[u8]) -> Option<f64> {
    let boxes = run_pdftotext(pdf, &["-bbox"])?;
    let ends = boxes.split("xMax=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok());
    ends.fold(None, |most: Option<f64>, end: f64| Some(most.map_or(end, |most| most.max(end))))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 26, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_keeps_a_paper_from_being_made(text in any::<String>(), which in 0usize..13) {
        static SETTER: LazyLock<Typesetter> = LazyLock::new(|| Typesetter::new().unwrap());
        let paper = filled(&samples()[which], &text);
        let made = SETTER.render(&paper);
        prop_assert!(made.is_ok(), "{}: {made:?}", paper.template());
    }
}

#[test]
fn the_json_tag_is_the_name_of_the_template() {
    for paper in samples() {
        assert_eq!(serde_json::to_value(&paper).unwrap()["kind"], paper.template());
    }
}

#[test]
fn a_long_table_repeats_its_heading_and_a_real_paper_bears_no_example_mark() {
    let setter = Typesetter::new().unwrap();
    let mut paper = samples().remove(2);
    let Paper::Correction(data) = &mut paper else { panic!("the third sample is the correction") };
    data.head.example = false;
    data.lacks = vec![data.lacks[0].clone(); 80];
    let pdf = setter.render(&paper).unwrap();
    if let Some(text) = text_of(&pdf) {
        assert!(text.matches("原因和要求").count() >= 3, "{text}");
        assert!(!text.contains("示例内容"));
    }
}
