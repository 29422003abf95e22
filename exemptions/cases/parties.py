"""Who a case is about: a unit with its 统一社会信用代码, or a natural person, of whom no number is kept."""

from __future__ import annotations

import re
import unicodedata

from django.db import models
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from xingxian_portal.foundation.refusal import Refused

IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\w)")


class PartyKind(models.TextChoices):
    """What kind of party it is."""

    ORGANISATION = "organisation", "单位"
    TRADER = "trader", "个体工商户"
    PERSON = "person", "自然人"


def normal_code(typed: str) -> str:
    """Give a code as the portal keeps it: half-width, capital letters, no spaces or dashes."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper()


def kind_by_code(code: str) -> PartyKind:
    """Give what kind of party a code says it is: 92 is given to traders, none to a natural person."""
    if not code:
        return PartyKind.PERSON
    return PartyKind.TRADER if code.startswith("92") else PartyKind.ORGANISATION


def checked_code(kind: str, typed: str) -> str:
    """Give the normal form of the code a party of this kind has; raises Refused beside `credit_code`."""
    code = normal_code(typed)
    if kind == PartyKind.PERSON:
        if code:
            raise Refused("自然人不登记任何证件号码，请把这一栏清空。", "credit_code")
        return ""
    if not code:
        raise Refused("单位和个体工商户请填写统一社会信用代码（营业执照上的 18 位代码）。", "credit_code")
    if ric.is_valid(code):
        raise Refused("这像是身份证号。平台不登记身份证号，请填写营业执照上的统一社会信用代码。", "credit_code")
    try:
        return uscc.validate(code)
    except InvalidLength as error:
        raise Refused(f"统一社会信用代码是 18 位，这里有 {len(code)} 位。", "credit_code") from error
    except InvalidChecksum as error:
        raise Refused("统一社会信用代码的校验位对不上，请对照营业执照核对是否抄错。", "credit_code") from error
    except ValidationError as error:
        raise Refused(
            "统一社会信用代码里有不该有的字符（只有数字和大写字母，没有 I、O、S、V、Z）。", "credit_code"
        ) from error


def refuse_identity_number(text: str, field: str) -> None:
    """Raise Refused when the words hold an identity number."""
    if any(ric.is_valid(number) for number in IDENTITY_NUMBER.findall(text)):
        raise Refused("这里有一个身份证号。平台不登记身份证号，请删去。", field)
