"""Kinds of cells of a case: the code of a party, an item of the list in words, the officers who handle it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from exemptions.cases import parties
from liaisons.models import Officer
from xingxian_portal.foundation.workbook import cell_values
from xingxian_portal.foundation.workbook.kinds import Code, Kind, Text, Unacceptable

DIRECT = "未列入清单，直接适用第三十三条"
BETWEEN = re.compile(r"[、，,；;\n]+")
CERTIFICATE = re.compile(r"[(（]([^()（）]+)[)）]$")


class CreditCode(Code):
    """A 统一社会信用代码 in the form in which it is kept; whether it fits the party is for the row to say."""

    def __init__(self) -> None:
        super().__init__(hint="18 位，按文本填写；自然人不填，平台不登记身份证号")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Give the code in capitals; raises Unacceptable when it lost its last digits."""
        return parties.normal_code(super().clean(value))


class ItemWords(Text):
    """An item by its code, its conduct or both; which one is meant, the day of the inspection says."""

    def __init__(self) -> None:
        super().__init__(400)
        self.hint = "事项编码或违法行为，须在检查当天有效的清单里；未列入的不填，另写直接适用理由"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Give the words, none for what is on no list; raises Unacceptable when there are too many."""
        words = super().clean(value)
        return "" if cell_values.squeezed(words).startswith("未列入") else words


class OfficerNames(Kind):
    """Officers of the unit by name or certificate, with 、 between them; `know` whom one may name beforehand."""

    hint = "本单位登记的执法人员，两人以上，用顿号隔开；同名的写明证号"

    def __init__(self) -> None:
        super().__init__()
        self._by_word: dict[str, list[Officer]] = {}
        self._by_name: dict[str, Officer] = {}
        self.everyone: list[str] = []

    def know(self, officers: Iterable[Officer]) -> None:
        """Take the officers whom one may name."""
        self._by_name = {str(officer): officer for officer in officers}
        self.everyone = list(self._by_name)
        for officer in self._by_name.values():
            for word in {officer.name, officer.certificate}:
                self._by_word.setdefault(cell_values.squeezed(word), []).append(officer)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Give the officers, each with the certificate; raises Unacceptable for one who is unknown or not alone of the name."""
        words = [word for part in BETWEEN.split(cell_values.text(value)) if (word := cell_values.squeezed(part))]
        return "、".join(dict.fromkeys(str(self._one(word)) for word in words))

    def _one(self, word: str) -> Officer:
        certificate = CERTIFICATE.search(word)
        found = self._by_word.get(certificate[1] if certificate else word, [])
        if certificate:
            found = [officer for officer in found if cell_values.squeezed(officer.name) == word[: certificate.start()]]
        if len(found) > 1:
            raise Unacceptable(f"“{word}”有 {len(found)} 人同名，请写明证号。", map(str, found), "ambiguous")
        if not found:
            raise Unacceptable(f"本单位登记的执法人员里没有“{word}”。", self.everyone, "unknown_name")
        return found[0]

    def officers(self, value: str) -> list[Officer]:
        """Give the officers behind a value."""
        return [self._by_name[words] for words in value.split("、") if words]
