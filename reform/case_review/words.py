"""How the audit trail calls what is done in a case-file review, by noun and verb."""

from __future__ import annotations

from reform.models import Stage

VERBS = {
    "docket": {"create": "登记", "edit": "修改", "delete": "删除", "attach": "添加卷内文件", "detach": "删去卷内文件",
                  "download": "查阅卷内文件", "import": "导入"},
    "case_review": {"sign": "签署", "join": "联合署名", "dispute": "提请复核", "third": "交第三人复核", "recuse": "回避",
                    "reassign": "改派"},
    "objection": {"raise": "提出", "answer": "答复"},
    "rectification": {"ask": "发出通知单"},
    "review_round": {"create": "建立", "edit": "修改范围", "seat": "增加评查员", "unseat": "去掉评查员", "declare": "申明回避",
                     "export": "导出"}
    | {stage.value: stage.label for stage in Stage},
    "review_standard": {"create": "建立", "revise": "起草新版", "edit": "修改", "issue": "启用"},
    "self_check": {"file": "报送"},
}  # fmt: skip
