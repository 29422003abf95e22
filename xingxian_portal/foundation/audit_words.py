"""The audit trail in words: what an entry's action and object are called on the page of the 审计员.

An action is written `noun.verb`; a noun or a verb without a word here is shown as it is written.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps

NOUNS = {
    "account": "账号",
    "alias": "别名",
    "basis": "法律依据",
    "bulletin": "月度材料",
    "calendar": "日历",
    "call": "电话催办",
    "case": "免罚案件",
    "case_file": "案件材料",
    "case_review": "评查表",
    "clock": "演示时钟",
    "contact": "联系方式",
    "delegation": "代收",
    "docket": "案卷",
    "escalation": "催办升级",
    "evidence": "佐证",
    "export": "导出",
    "extension": "延期",
    "facts": "基础数据",
    "field": "执法领域",
    "first_offence": "首违",
    "group": "群组",
    "import": "导入",
    "list": "清单",
    "milestone": "时间节点",
    "month": "月份",
    "notice": "消息",
    "objection": "异议",
    "obligation": "承办事项",
    "officer": "执法人员",
    "order": "交办",
    "person": "人员",
    "phone_keys": "电话号码密钥",
    "phones": "完整号码",
    "pilot": "监管试点",
    "plan": "方案",
    "post": "任职",
    "problem": "问题",
    "proposal": "提请",
    "rectification": "整改",
    "reference": "基础资料",
    "reminder": "提醒规则",
    "report": "月度报告",
    "review_round": "评查活动",
    "review_standard": "评查标准",
    "role": "角色",
    "second_factor": "动态码",
    "self_check": "自查表",
    "session": "登录会话",
    "step": "步骤",
    "submission": "报送",
    "task": "任务",
    "trail": "审计记录",
    "unit": "单位",
}
VERBS = {
    "acknowledge": "签收",
    "add": "新增",
    "add_alias": "添加别名",
    "add_item": "新增事项",
    "amend": "修改",
    "anonymise": "匿名化",
    "answer": "答复",
    "apply": "写入",
    "appoint": "登记",
    "ask": "提出",
    "assign": "交办",
    "attach": "添加",
    "begin_review": "开始审核",
    "bring_over": "并入草稿",
    "change": "修改",
    "change_item": "修改事项",
    "check": "查询",
    "choose_password": "自行修改密码",
    "close": "关闭",
    "comment": "写意见",
    "confirm": "核对",
    "create": "新建",
    "decide": "决定",
    "delete": "删除",
    "detach": "独立成员",
    "disable": "停用",
    "done": "完成",
    "download": "下载",
    "draft_amendment": "起草修订",
    "drop": "弃用",
    "edit": "编辑",
    "enable": "启用",
    "end": "离任",
    "exempt": "免报",
    "export": "导出",
    "extend": "延期",
    "grant": "授予",
    "issue": "下发",
    "join": "加入单位",
    "keep_elsewhere": "登记留存本单位的文件",
    "lay": "安排",
    "leave": "退出单位",
    "lift": "恢复",
    "load": "装载",
    "next_workday": "到下一个工作日",
    "note": "登记进展",
    "on_behalf": "代录",
    "open": "建立",
    "prune": "清理",
    "raise": "提出",
    "refuse": "未写入",
    "remove": "删除",
    "remove_alias": "删除别名",
    "remove_item": "删除事项",
    "reopen": "重新办理",
    "reset_password": "重置密码",
    "resume": "恢复办理",
    "revoke": "撤销",
    "rotate": "更换",
    "see": "查看",
    "set_status": "登记状态",
    "suspend": "中止",
    "take": "取走",
    "take_over": "采用示例",
    "undo": "撤回",
    "upload": "上传",
    "urge": "催办",
    "verify": "校验",
}
# Where noun and verb side by side would say something else; higher apps add theirs by `learn`.
WHOLE = {
    "access.deny": "访问被拒绝",
    "act.refuse": "办理被拒绝",
    "delegation.end": "代收 取消",
    "account.invite": "账号 邀请",
    "account.unlock": "账号 解除锁定",
    "second_factor.set_up": "动态码 启用",
    "second_factor.give_up": "动态码 停用",
    "second_factor.reset": "动态码 重置",
    "second_factor.new_codes": "恢复码 重新生成",
    "second_factor.use_code": "恢复码 使用",
    "import.confirm": "导入 确认",
    "import.confirm_good_rows": "导入 确认，只导入没有错误的行",
    "import.drop": "导入 放弃",
    "import.template": "导入 下载模板",
    "import.undo": "导入 撤销",
    "session.end": "登录会话 结束",
    "session.open": "登录",
    "session.close": "退出登录",
    "role.revoke": "角色 收回",
}


def learn(noun: str, verbs: Mapping[str, str]) -> None:
    """Take over the words that a higher app has for its own acts on `noun`; called when the portal starts."""
    WHOLE.update({f"{noun}.{verb}": f"{NOUNS[noun]} {word}" for verb, word in verbs.items()})


def action_words(action: str) -> str:
    """Give an action in words: 账号 停用 for `account.disable`."""
    if action in WHOLE:
        return WHOLE[action]
    noun, *verbs = action.split(".")
    return " ".join([NOUNS.get(noun, noun), *(VERBS.get(verb, NOUNS.get(verb, verb)) for verb in verbs)])


def subject_words(kind: str, key: str) -> str:
    """Give an object in words, 账号 12 for `liaisons.user`; of a table that is gone, as it is written."""
    try:
        name = str(apps.get_model(kind)._meta.verbose_name) if kind else ""
    except LookupError:
        name = kind
    return f"{name} {key}".strip()


def subject_of(words: str) -> tuple[str, str]:
    """Give the kind and the key of an object written as on the page, 账号 12; the key is "" for all of a kind.

    Raises LookupError when there is no such kind.
    """
    name, _, key = words.strip().rpartition(" ")
    name, key = (name, key) if name and key.isdigit() else (words.strip(), "")
    for model in apps.get_models():
        if name in (str(model._meta.verbose_name), model._meta.label_lower):
            return model._meta.label_lower, key
    raise LookupError(words)
