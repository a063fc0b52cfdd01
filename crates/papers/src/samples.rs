//! One example of every paper, for galleries and tests. All are marked as examples.

use crate::paper::*;
use crate::words::{Matter, Remedies};

fn head(number: &str) -> Head {
    Head {
        organ: "清河镇人民政府".into(),
        number: number.into(),
        case_number: "2026 1123 0008".into(),
        query_hint: "查询密码见短信或接收回执".into(),
        issued_on: "2026年11月23日".into(),
        recipient: "张𬶏㛃𣗋".into(),
        item: "农村村民住宅建设审批".into(),
        matter: Matter::Licence,
        verify_url: "https://example.invalid/verify/K7M2-9QXT-4HPA-W8RD".into(),
        verify_code: "K7M2-9QXT-4HPA-W8RD".into(),
        example: true,
    }
}

fn handed() -> Vec<Handed> {
    vec![
        Handed {
            name: "居民身份证".into(), form: "复印件".into(), count: 1, note: "原件已核对".into()
        },
        Handed {
            name: "农村宅基地和建房（规划许可）申请表".into(),
            form: "原件".into(),
            count: 2,
            note: String::new(),
        },
    ]
}

fn lacks() -> Vec<Lack> {
    vec![
        Lack {
            name: "住宅建设工程设计方案".into(), reason: "缺少平面图，请补充后盖章。".into()
        },
        Lack {
            name: "村民小组会议记录".into(), reason: "签名不全，请由到会人员补签。".into()
        },
    ]
}

fn remedies() -> Remedies {
    Remedies::Act {
        review_organ: "清河县人民政府".into(),
        review_days: 60,
        court: "有管辖权的人民法院".into(),
        suit_months: 6,
    }
}

/// One example of each paper, in the order in which a case meets them.
#[must_use]
pub fn samples() -> Vec<Paper> {
    let mut papers = intake_samples();
    papers.extend(outcome_samples());
    papers.extend(handover_samples());
    papers
}

fn intake_samples() -> Vec<Paper> {
    vec![
        Paper::Receipt(Receipt {
            head: head("清河镇示〔2026〕1号"),
            received_at: "2026年11月23日 10时05分".into(),
            materials: handed(),
            reply_by: "2026年11月30日".into(),
            contact: "电话 0000-0000000，清河镇便民服务中心3号窗口".into(),
        }),
        Paper::Acceptance(Acceptance {
            head: head("清河镇示〔2026〕2号"),
            way: Way::Complete,
            accepted_on: "2026年11月23日".into(),
            limit: "5个工作日".into(),
            due_on: "2026年11月30日".into(),
            contact: "电话 0000-0000000，清河镇便民服务中心3号窗口".into(),
        }),
        Paper::Correction(Correction {
            head: head("清河镇示〔2026〕3号"),
            lacks: lacks(),
            supply_by: "2026年12月7日".into(),
            how: "可在网上补交，也可到原窗口补交。".into(),
            contact: "电话 0000-0000000，清河镇便民服务中心3号窗口".into(),
        }),
        Paper::NotRequired(NotRequired {
            head: head("清河镇示〔2026〕4号"),
            reason: "您只更换屋面瓦片，不改变面积和高度，不需要审批。".into(),
            remedies: remedies(),
        }),
        Paper::NotAccepted(NotAccepted {
            head: head("清河镇示〔2026〕5号"),
            reason: "您申请的事项依法由县级主管部门办理。".into(),
            competent_organ: "清河县住房和城乡建设局".into(),
            competent_contact: "清河县人民路1号，电话 0000-0000000".into(),
            remedies: remedies(),
        }),
        Paper::SpecialProcedure(SpecialProcedure {
            head: head("清河镇示〔2026〕6号"),
            procedure: "专家评审".into(),
            ground: "《中华人民共和国行政许可法》第四十五条".into(),
            starts_on: "2026年11月24日".into(),
            expected_days: "10个工作日".into(),
            new_due_on: "2026年12月14日".into(),
            contact: "电话 0000-0000000，清河镇便民服务中心3号窗口".into(),
        }),
        Paper::Extension(Extension {
            head: head("清河镇示〔2026〕7号"),
            reason: "申请材料涉及多个部门，核实需要更多时间。".into(),
            approved_by: "本机关负责人".into(),
            extra_days: "10个工作日".into(),
            old_due_on: "2026年11月30日".into(),
            new_due_on: "2026年12月14日".into(),
            contact: "电话 0000-0000000，清河镇便民服务中心3号窗口".into(),
        }),
    ]
}

fn outcome_samples() -> Vec<Paper> {
    vec![
        Paper::Grant(Grant {
            head: head("清河镇示〔2026〕8号"),
            basis: "《中华人民共和国城乡规划法》第四十一条".into(),
            note: "请按批准的位置和面积建设。".into(),
            certificate: "乡村建设规划许可证".into(),
            deliver_by: "2026年12月7日".into(),
            collect: "凭身份证件到原窗口领取，或者选择邮寄。".into(),
        }),
        Paper::Denial(Denial {
            head: head("清河镇示〔2026〕9号"),
            facts: "经现场核查，申请地块位于永久基本农田保护范围内。".into(),
            reasons: vec![
                "申请地块不符合国土空间规划。".into(),
                "申请地块属于永久基本农田，依法不得占用建房。".into(),
            ],
            basis: "《中华人民共和国土地管理法》第三十五条".into(),
            remedies: remedies(),
        }),
        Paper::Fee(Fee {
            head: head("清河镇示〔2026〕10号"),
            lines: vec![FeeLine {
                name: "证照工本费".into(),
                basis: "按公布的收费标准，每本10元".into(),
                amount: "10.00".into(),
            }],
            total: "10.00".into(),
            pay_by: "2026年12月7日".into(),
            how: "可扫码支付，也可到窗口缴纳现金或者刷卡。".into(),
            contact: "电话 0000-0000000，清河镇便民服务中心3号窗口".into(),
        }),
    ]
}

fn handover_samples() -> Vec<Paper> {
    vec![
        Paper::Delivery(Delivery {
            head: head("清河镇示〔2026〕11号"),
            documents: vec![Handed {
                name: "农村村民住宅建设许可".into(),
                form: "原件".into(),
                count: 1,
                note: String::new(),
            }],
            method: "窗口领取".into(),
            place: "清河镇便民服务中心".into(),
            receiver: "张𬶏㛃𣗋（本人，证件号码后四位 0010）".into(),
            signed: "在本回证上签名，原件由窗口留存".into(),
            sender: "李明".into(),
        }),
        Paper::Transfer(Transfer {
            head: head("清河镇示〔2026〕12号"),
            from: "清河镇便民服务中心综合窗口".into(),
            to: "清河镇规划建设办公室".into(),
            materials: handed(),
            note: "请在当日核对签收。".into(),
        }),
        Paper::Deferral(Deferral {
            head: head("清河镇示〔2026〕13号"),
            accepted_on: "2026年11月23日".into(),
            lacks: lacks(),
            supply_by: "2026年12月7日".into(),
            due_on: "2026年11月30日".into(),
            consequence: "逾期没有补齐的，本机关依法作出决定。".into(),
            contact: "电话 0000-0000000，清河镇便民服务中心3号窗口".into(),
        }),
        Paper::Termination(Termination {
            head: head("清河镇示〔2026〕14号"),
            ground: "逾期没有补正".into(),
            reason: "补正期限为2026年12月7日，至今没有收到所缺的材料。".into(),
            ended_on: "2026年12月8日".into(),
            contact: "电话 0000-0000000，清河镇便民服务中心3号窗口".into(),
            remedies: remedies(),
        }),
    ]
}
