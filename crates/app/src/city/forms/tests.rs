//! Forms out of the data file: what is asked, of whom, and what a file with a fault is told.

use super::{FieldKind, Form, Forms};
use crate::city::City;
use domain::cases::Channel;
use domain::catalogue::Item;
use serde_json::{Value, json};

fn city() -> City {
    City::embedded().unwrap()
}

fn names(form: &Form) -> Vec<&str> {
    form.fields.iter().map(|field| field.name.as_str()).collect()
}

fn of(city: &City, seqs: &[u16]) -> Vec<Item> {
    seqs.iter().map(|seq| city.item_by_seq(*seq).unwrap().clone()).collect()
}

fn form(city: &City, seqs: &[u16], channel: Channel) -> std::sync::Arc<Form> {
    let items = of(city, seqs);
    city.form(&items.iter().collect::<Vec<_>>(), channel)
}

#[test]
fn the_general_form_stands_in_the_file_and_is_asked_of_every_item() {
    let city = city();
    let plain = form(&city, &[1], Channel::Window);
    assert_eq!(
        names(&plain),
        [
            "applicant_kind",
            "name",
            "document_kind",
            "document",
            "firm_name",
            "firm_code",
            "legal_person",
            "contact",
            "phone",
            "address",
            "delivery",
            "delivery_address",
            "matter"
        ]
    );
    let agent = form(&city, &[1], Channel::Agent);
    assert_eq!(names(&agent).last(), Some(&"mandate"), "an agent tells whose mandate it is");
    for item in &city.items {
        let form = city.form(&[item], Channel::Online);
        assert!(form.validator().is_ok() && form.fields.len() >= 13, "{}", item.identity.name);
    }
}

#[test]
fn an_item_asks_its_own_questions_between_those_of_everybody() {
    let city = city();
    let own = form(&city, &[88], Channel::Online);
    let at = |name: &str| names(&own).iter().position(|known| *known == name).unwrap();
    assert!(at("address") < at("living_since") && at("living_ground") < at("delivery"));
    let ground = &own.fields[at("living_ground")];
    assert!(ground.required && !ground.is_example(), "it rests on 居住证暂行条例第二条");
    assert_eq!(own.fields[at("living_since")].kind, FieldKind::Date { past: true });
    assert_eq!(ground.word("school"), "在这里连续就读");
    assert!(!names(&form(&city, &[157], Channel::Online)).contains(&"living_ground"));
}

#[test]
fn nothing_that_no_department_has_confirmed_must_be_answered() {
    let city = city();
    for item in &city.items {
        let form = city.form(&[item], Channel::Online);
        let demanding = form.fields.iter().find(|field| field.is_example() && field.required);
        assert_eq!(demanding.map(|f| &f.name), None, "{}", item.identity.name);
    }
}

#[test]
fn what_two_items_ask_is_asked_once_and_a_choice_is_what_both_offer() {
    let city = city();
    let both = form(&city, &[127, 182], Channel::Online);
    assert_eq!(names(&both).iter().filter(|name| **name == "bank_account").count(), 1);
    assert!(names(&both).contains(&"rented") && names(&both).contains(&"disability_grade"));
    let kinds = |form: &Form| match &form.fields[0].kind {
        FieldKind::Choice(choices) => choices.iter().map(|(value, _)| value.clone()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(kinds(&both), ["person"]);
    assert_eq!(kinds(&form(&city, &[163], Channel::Online)), ["firm"]);
}

#[test]
fn a_question_inside_a_then_is_asked_only_when_its_if_holds() {
    let city = city();
    let rent = form(&city, &[127], Channel::Online);
    let rent = rent.fields.iter().find(|field| field.name == "rent").unwrap();
    let given = |value: &str| [("rented".to_owned(), value.to_owned())].into();
    assert!(rent.is_asked(&given("market")) && !rent.is_asked(&given("public")));
    assert_eq!(rent.kind, FieldKind::Number { whole: false });
}

/// The file with one place changed.
fn changed(change: impl Fn(&mut Value)) -> Result<Forms, String> {
    let mut file: Value = serde_json::from_str(include_str!("../../../../../data/forms.json")).unwrap();
    change(&mut file);
    Forms::parse(&file.to_string(), &city().items).map_err(|e| e.to_string())
}

#[test]
fn another_schema_is_another_form() {
    let question = json!({"type": "integer", "title": "几间房", "minimum": 1, "x-basis": "document: 某文件"});
    let schema = json!({"properties": {"rooms": question}, "required": ["rooms"], "x-order": ["rooms"]});
    let forms = changed(|file| file["items"]["1"] = schema.clone()).unwrap();
    let city = city();
    let form = forms.of(&[city.item_by_seq(1).unwrap()], Channel::Online);
    let rooms = form.fields.iter().find(|field| field.name == "rooms").unwrap();
    assert!(rooms.required && rooms.label == "几间房" && rooms.kind == FieldKind::Number { whole: true });
    assert_eq!(form.schema["properties"]["rooms"], question);
}

#[test]
fn a_fault_in_a_schema_is_told_in_a_sentence_that_says_what_to_correct() {
    type Change = fn(&mut Value);
    let faults: [(Change, &str); 10] = [
        (|f| f["items"]["88"]["properties"]["living_at"]["type"] = "array".into(), "type“array”不支持"),
        (|f| f["items"]["88"]["x-order"] = json!(["living_since"]), "没有写进x-order"),
        (|f| f["items"]["88"]["properties"]["living_at"]["x-basis"] = Value::Null, "没有写x-basis"),
        (|f| f["items"]["88"]["required"] = json!(["living_at"]), "还是示例，不能设为必填"),
        (
            |f| f["items"]["88"]["properties"]["living_ground"]["x-labels"] = json!(["一"]),
            "enum和x-labels要一样多",
        ),
        (
            |f| f["items"]["88"]["properties"]["phone"] = json!({"title": "又一个电话", "type": "string"}),
            "x-order",
        ),
        (
            |f| f["items"]["88"]["properties"]["居住地"] = json!({"title": "住哪", "type": "string"}),
            "不能作为字段名",
        ),
        (|f| f["items"]["999"] = json!({}), "事项999在items.csv里没有"),
        (|f| f["items"]["182"]["properties"]["bank_account"]["title"] = "另一个问题".into(), "写得不一样"),
        (|f| f["general"]["properties"]["phone"]["maxLength"] = "十".into(), "通用表单"),
    ];
    for (change, sentence) in faults {
        let told = changed(change).map(|_| ()).unwrap_err();
        assert!(told.starts_with("数据文件forms.json") && told.contains(sentence), "{sentence}: {told}");
    }
    let taken = changed(|f| {
        f["items"]["88"]["properties"]["phone"] =
            json!({"title": "电话", "type": "string", "x-basis": "placeholder"});
        f["items"]["88"]["x-order"].as_array_mut().unwrap().push("phone".into());
    });
    assert!(taken.map(|_| ()).unwrap_err().contains("通用表单已经有“phone”"));
}
