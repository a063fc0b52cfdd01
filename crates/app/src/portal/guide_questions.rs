//! Frequent questions 常见问题: those of the guide first, then those that the law and the item's own fields answer.

use domain::catalogue::{Coverage, HandlingArea, Item, Regime};

/// Questions with their answers.
pub(super) fn of(item: &Item) -> Vec<(String, String)> {
    let guide = &item.guide;
    let own = guide.questions.iter().map(|question| (question.ask.clone(), question.answer.clone()));
    let mut all: Vec<(String, String)> = own.collect();
    let mut add = |ask: &str, answer: &str| all.push((ask.to_owned(), answer.to_owned()));
    add(
        "材料没带齐怎么办？",
        "工作人员会一次说清还缺什么，并给您一张补正告知书，照着补齐就行；当场能改的，当场改。",
    );
    if guide.process.area == HandlingArea::WholeCity {
        let answer = match item.coverage {
            Coverage::Full => "可以。全市任何一个镇（街道）为民服务中心都能收您的申请。",
            Coverage::Partial => "这件事只有部分镇（街道）能办，去之前请先打 12345 问清楚就近的是哪一家。",
        };
        add("户口不在这个区，能就近办吗？", answer);
    }
    if guide.channels.names.iter().any(|name| name.contains("代办")) {
        add("本人来不了怎么办？", "可以请家人带上委托书代办，也可以请村（社区）的代办员帮忙。");
    }
    match item.regime.value {
        Regime::Immediate => {}
        Regime::Promised => add(
            "交了材料以后怎么知道办到哪一步？",
            "受理后会给您一个编号和查询码，在“查办件”里输入就能看到办到哪一步、最晚哪天办好。",
        ),
        Regime::ReportUp => add(
            "为什么要报上级部门？",
            "这件事由上级部门决定。镇（街道）先看材料、做初审，再报上去；您不用自己再跑一趟，用编号和查询码能看到进度。",
        ),
    }
    all
}
