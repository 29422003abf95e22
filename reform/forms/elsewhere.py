"""What is filled in for a file that is too large for the portal and stays with its unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from liaisons.forms.fields import DayField, WordsField
from xingxian_portal.foundation import kept_elsewhere
from xingxian_portal.foundation.kept_elsewhere import LONGEST_KEEPER, LONGEST_NAME, LONGEST_PLACE, Details
from xingxian_portal.foundation.refusal import Refused, unheard

LONGEST_TYPED = 400  # of a digest: all that `certutil` prints may be pasted


class ReadField(WordsField):
    """Words that `read` makes something of; what it refuses stands beside the input."""

    def __init__(self, read: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.read = read

    def clean(self, value: Any) -> Any:
        """Give what was read; raises ValidationError."""
        typed = super().clean(value)
        try:
            with unheard():
                return self.read(typed)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused


class ElsewhereForm(forms.Form):
    """The record of a file: `details` gives it when the form is valid."""

    original_name = WordsField(
        label="文件名", max_length=LONGEST_NAME, help_text="连扩展名，如：6月8日检查全程录像.mp4。"
    )
    place = WordsField(
        label="保存地点", max_length=LONGEST_PLACE,
        help_text="能照着找到，如：乡镇综合行政执法队档案柜 3 号硬盘，2022 年 6 月文件夹。",
    )  # fmt: skip
    keeper = WordsField(label="保管人", max_length=LONGEST_KEEPER, help_text="写科室、岗位，不写电话。")
    size = ReadField(
        kept_elsewhere.size, label="大小", max_length=60, help_text="连单位，如 350 MB、1.2 GB；文件属性里的一行可以整行粘贴。"
    )  # fmt: skip
    sha256 = ReadField(
        kept_elsewhere.digest, label="SHA-256", max_length=LONGEST_TYPED,
        help_text="在 Windows 里打开“命令提示符”，输入 certutil -hashfile 文件 SHA256，把得到的 64 位粘贴到这里，大小写、空格都可以。",
    )  # fmt: skip
    kept_on = DayField(label="存放日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("size", "sha256"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def details(self) -> Details:
        """Give what is to be recorded."""
        return Details(**{name: self.cleaned_data[name] for name in Details.__dataclass_fields__})
