//! Themes and audience of an item, told from its name until a department chooses them.

use domain::catalogue::{Audience, Themes};

/// Words in a name → theme for natural persons (words of 自然人主题 in the national catalogue). All that fit count.
const PERSONAL: &[(&str, &[&str])] = &[
    (
        "生育收养",
        &[
            "出生申报",
            "收养",
            "生育",
            "独生子女",
            "婚育",
            "避孕",
            "奖励扶助金",
            "奖励金",
            "家庭医生",
            "特别扶助金",
        ],
    ),
    (
        "户籍办理",
        &["立户", "申报登记", "注销登记", "迁移登记", "户口", "居住证", "暂住登记", "住宿登记", "人口信息"],
    ),
    ("证件办理", &["身份证", "社会保障卡", "派出所出具证明", "证明出具", "通行证", "工会服务卡"]),
    ("出境入境", &["出入境", "护照", "港澳", "台湾", "华侨", "外国", "边境"]),
    ("入伍服役", &["军人", "军官", "入伍", "部队", "士官"]),
    ("死亡殡葬", &["死亡", "丧葬"]),
    (
        "住房保障",
        &[
            "公积金",
            "住房",
            "租房",
            "购买商品房",
            "还贷",
            "还清",
            "购房",
            "基数调整",
            "签约",
            "密码修改",
            "银行卡在线绑定",
            "查询贷款",
            "提取",
        ],
    ),
    ("就业创业", &["就业", "失业", "创业", "创保贷", "金秋助学"]),
    ("社会保障", &["保险", "社保", "养老", "参保", "企退", "公积金"]),
    ("社会救助", &["救助", "特困", "困难", "慰问", "补助", "劳模", "低收入", "补贴", "最低生活保障", "大病"]),
    ("残疾人服务", &["残疾", "苯丙酮尿症", "白内障"]),
    ("医疗卫生", &["家庭医生", "康复", "复明手术", "体检"]),
    ("教育科研", &["学生", "助学", "毕业"]),
    ("离职退休", &["退休", "离开本市提取", "企退"]),
    ("档案文物", &["档案"]),
];

/// Items for organisations: words in a name → theme for legal persons 法人主题.
const CORPORATE: &[(&str, &[&str])] = &[
    ("社会保障", &["单位参保", "单位人员参保", "单位缴费", "单位社保"]),
    ("户籍办理", &["单位集体户立户", "团以上单位", "教堂", "学生集体户立户", "服务中心集体户", "社区集体户"]),
];

fn fitting(table: &[(&str, &[&str])], name: &str) -> Vec<String> {
    table
        .iter()
        .filter(|(_, words)| words.iter().any(|word| name.contains(word)))
        .map(|(theme, _)| (*theme).to_owned())
        .collect()
}

/// 服务对象 and themes for a name. An item for organisations is not also one for persons.
pub(super) fn of(name: &str) -> (Vec<Audience>, Themes) {
    let corporate = fitting(CORPORATE, name);
    if !corporate.is_empty() {
        let audience = vec![
            Audience::Enterprise,
            Audience::PublicInstitution,
            Audience::SocialOrganisation,
            Audience::OtherOrganisation,
        ];
        return (audience, Themes { personal: Vec::new(), corporate });
    }
    let mut personal = fitting(PERSONAL, name);
    if personal.is_empty() {
        personal.push("其他".to_owned());
    }
    (vec![Audience::NaturalPerson], Themes { personal, corporate: Vec::new() })
}
