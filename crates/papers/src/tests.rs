//! Every paper is set and read back.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use crate::{Paper, Typesetter, samples};

/// Text of a PDF without white space, or `None` (with a printed note) where pdftotext is not installed.
fn text_of(pdf: &[u8]) -> Option<String> {
    let started = Command::new("pdftotext")
        .args(["-enc", "UTF-8", "-", "-"])
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
    Some(
        String::from_utf8(out.stdout)
            .unwrap()
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '\u{c}')
            .collect(),
    )
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
fn an_address_too_long_for_a_qr_code_is_refused() {
    let setter = Typesetter::new().unwrap();
    let mut paper = samples().remove(1);
    let Paper::Acceptance(data) = &mut paper else { panic!("the second sample is the acceptance") };
    data.head.verify_url = "a".repeat(5_000);
    assert!(matches!(setter.render(&paper), Err(crate::PaperError::Qr(_))));
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
