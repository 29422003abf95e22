"""What is written above an edition's items, and what is decided about the whole."""

from __future__ import annotations

from django import forms

from exemptions.forms.item import LONGEST_BACK, whole
from exemptions.models import LegalBasis
from liaisons.forms.fields import DayField, WordsField
from xingxian_portal.foundation import uploads

LONGEST_NOTE = 1000
MOST_STATED = 100_000


class HeadForm(forms.Form):
    """What holds for all items unless one says otherwise."""

    reason = WordsField(
        label="调整原因", max_length=200, required=False, help_text="新的一版因何而改，例如：《食品安全法》修改。"
    )
    lookback_months = whole("初次违法回溯期（月）", LONGEST_BACK, 1, help_text="没有另写回溯期的首违不罚事项都照此。")
    lookback_scope = WordsField(
        label="初次违法的范围", max_length=60, required=False, help_text="例如：本县范围内同类违法行为。"
    )
    note = WordsField(label="说明", max_length=2000, rows=4, required=False)


class FiledHeadForm(forms.Form):
    """The head of a list that is a file with a count."""

    stated_count = whole("事项数", MOST_STATED, 1)
    file = forms.FileField(
        label="清单文件", required=False, widget=forms.FileInput(attrs={"accept": uploads.ENDINGS}),
        error_messages={"empty": "这个文件是空的，请检查后重新上传。", "invalid": "文件没有传上来，请再选一次。"},
    )  # fmt: skip
    reason = WordsField(label="调整原因", max_length=200, required=False)
    note = WordsField(label="说明", max_length=2000, rows=4, required=False)


class RecordForm(forms.Form):
    """准予备案."""

    number = WordsField(label="备案号", max_length=40)
    note = WordsField(label="审查意见", max_length=LONGEST_NOTE, rows=2, required=False)


class ReturnForm(forms.Form):
    """退回补正; what is to be mended in an item stands beside that item."""

    reason = WordsField(label="退回理由", max_length=LONGEST_NOTE, rows=3, required=False)
    mend_by = DayField(label="补正期限", error_messages={"required": "请填写补正期限。"})


class PublishForm(forms.Form):
    """公布."""

    effective_from = DayField(label="施行日期")
    link = forms.URLField(
        label="公布链接", required=False, max_length=300, assume_scheme="https",
        help_text="另在政府网站公布的，填网页地址；没有可不填，平台的公开页照样可查。",
        error_messages={"invalid": "请填写完整的网页地址，如 https://www.example.org/a.html。", "max_length": "地址最多 300 个字符。"},
    )  # fmt: skip


class AbolishForm(forms.Form):
    """废止."""

    until = DayField(label="自哪一天起废止", help_text="这一天起不再适用。")
    reason = WordsField(label="理由", max_length=LONGEST_NOTE, rows=2)


class StatusForm(forms.Form):
    """What became of a legal basis."""

    status = forms.ChoiceField(label="状态", choices=LegalBasis.STATUSES)
    changed_on = DayField(label="修改或废止日期", required=False)
    note = WordsField(
        label="说明", max_length=200, required=False, help_text="例如：2021年修订，原第八十条改为第七十九条。"
    )
    whole_statute = forms.BooleanField(label="这部法的这一版全部条款", required=False)
