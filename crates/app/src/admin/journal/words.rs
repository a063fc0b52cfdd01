//! The journal's own words in Chinese: kinds of things and kinds of events, as an auditor chooses and reads them.

/// What streams are about.
const STREAMS: &[(&str, &str)] = &[
    ("case", "办件"),
    ("application", "申请"),
    ("org", "机构"),
    ("calendar", "工作日"),
    ("staff", "工作人员账号"),
    ("client", "接入系统"),
    ("person", "办事人"),
    ("rerun", "后台任务"),
    ("item", "事项"),
    ("paper", "文书"),
    ("trust", "诚信记录"),
    ("upload", "上传"),
];

/// What happened, grouped by what it happened to.
pub(super) const KINDS: &[(&str, &str)] = &[
    ("submitted", "提交申请"),
    ("received", "收件"),
    ("correction_asked", "一次性告知补正"),
    ("second_notice_released", "准许再次补正"),
    ("resubmitted", "补正后重新提交"),
    ("accepted", "受理"),
    ("not_required", "不需办理"),
    ("refused", "不予受理"),
    ("step_claimed", "领取环节"),
    ("step_passed", "完成环节"),
    ("returned_to_step", "退回环节"),
    ("reassigned", "改派"),
    ("reported_up", "上报"),
    ("handed_back", "退回下级"),
    ("suspended", "暂停计时"),
    ("resumed", "恢复计时"),
    ("extension_requested", "申请延期"),
    ("extended", "批准延期"),
    ("extension_rejected", "不批准延期"),
    ("deferred_supplied", "补齐容缺材料"),
    ("granted", "准予"),
    ("denied", "不予许可"),
    ("result_made", "制作结果"),
    ("delivered", "送达"),
    ("withdrawn", "撤回申请"),
    ("terminated", "终止办理"),
    ("archived", "归档"),
    ("due_recomputed", "重算到期日"),
    ("renamed", "机构改名"),
    ("hours_changed", "改办公时间"),
    ("contact_changed", "改联系方式"),
    ("closed", "停用或暂停服务"),
    ("reopened", "恢复"),
    ("immediate_authorised", "改即办授权"),
    ("notice_entered", "录入放假通知"),
    ("notice_withdrawn", "撤销放假通知"),
    ("opened", "开通账号"),
    ("post_given", "分配岗位"),
    ("post_taken", "收回岗位"),
    ("password_reset", "重置密码"),
    ("password_changed", "修改密码"),
    ("second_factor_set", "绑定身份验证器"),
    ("second_factor_removed", "解除身份验证器"),
    ("locked", "锁定账号"),
    ("unlocked", "解锁账号"),
    ("signed_in", "登录"),
    ("signed_out", "退出"),
    ("registered", "登记办事人"),
    ("verified", "核实身份"),
    ("account_opened", "注册账号"),
    ("revealed", "查看完整个人信息"),
    ("started_again", "手动重试"),
    ("distrust_recorded", "登记失信"),
    ("trust_repaired", "信用修复"),
    ("infected_file_refused", "拒收带病毒的文件"),
];

fn word<'a>(list: &[(&'a str, &'a str)], name: &'a str) -> &'a str {
    list.iter().find(|(key, _)| *key == name).map_or(name, |(_, word)| word)
}

/// The word for a kind of stream; an unknown one by its own name.
pub(super) fn stream(name: &str) -> &str {
    word(STREAMS, name)
}

/// The word for a kind of event; an unknown one by its own name.
pub(super) fn kind(name: &str) -> &str {
    word(KINDS, name)
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_kind_is_offered_twice() {
        for (n, (kind, _)) in super::KINDS.iter().enumerate() {
            assert!(super::KINDS[..n].iter().all(|(other, _)| other != kind), "{kind}");
        }
        assert_eq!((super::kind("accepted"), super::kind("unheard_of")), ("受理", "unheard_of"));
    }
}
