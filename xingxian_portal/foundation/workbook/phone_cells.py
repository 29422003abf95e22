"""Telephone numbers in cells: one that is masked means the number that is kept; an import row keeps it sealed."""

from __future__ import annotations

from typing import Any

from xingxian_portal.foundation import phones, sealed
from xingxian_portal.foundation.phones import Phone
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import cell_values
from xingxian_portal.foundation.workbook.kinds import Kind, Unacceptable


class PhoneNumber(Kind):
    """A telephone number; one that is masked means the number that is kept."""

    empty = None
    hint = "11 位手机号码，或带区号的座机号码"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Phone | str:
        """Give the number, a masked one as it stands; raises Unacceptable."""
        found = cell_values.squeezed(value)
        if "*" in found or found == cell_values.squeezed(phones.UNREADABLE):
            return found
        try:
            return Phone.of(phones.typed(found))
        except Refused as refusal:
            raise Unacceptable(str(refusal), code="not_a_phone") from refusal

    def settle(self, value: Any, before: Any) -> Any:
        """Give the number that is kept for a masked one; raises Unacceptable when it is not that number's mask."""
        if isinstance(value, str):
            if before is None or value != cell_values.squeezed(before.masked):
                raise Unacceptable("打星号的号码和平台登记的对不上，请填完整号码。", code="masked_phone")
            return before
        return value

    def shown(self, value: Any) -> str:
        """Give what stands in the cell as an issue shows it: no more digits than of a number that is right."""
        found = cell_values.squeezed(value)
        return found if "*" in found else phones.mask(found)

    def words(self, value: Any) -> str:
        """Give the number masked."""
        return value.masked if isinstance(value, Phone) else value or ""

    def kept(self, value: Any) -> Any:
        """Give the number sealed."""
        return {"sealed": value.sealed or sealed.seal(value.full)} if isinstance(value, Phone) and value else None

    def back(self, kept: Any) -> Any:
        """Give the number again."""
        if not kept:
            return None
        token = kept["sealed"]
        return Phone(lambda: sealed.open_sealed(token), token)
