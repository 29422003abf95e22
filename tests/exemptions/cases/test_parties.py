"""Whose case it is: codes with a right check digit, of natural persons no number at all."""

import pytest

from exemptions.cases import parties
from exemptions.cases.parties import PartyKind
from tests.exemptions.case_samples import code
from xingxian_portal.foundation.refusal import Refused

IDENTITY = "360426199101010071"  # the example of the standard, of nobody


@pytest.mark.parametrize(
    "typed", [code(7), code(7).lower(), f" {code(7)[:8]} {code(7)[8:]}", code(7).translate({ord("1"): "１"})]
)
def test_a_code_has_one_normal_form(typed):
    assert parties.checked_code(PartyKind.ORGANISATION, typed) == code(7)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "请填写统一社会信用代码"),
        (code(7)[:-1], "是 18 位，这里有 17 位"),
        (code(7)[:-1] + ("0" if code(7)[-1] != "0" else "1"), "校验位对不上"),
        (code(7)[:8] + "O" + code(7)[9:], "不该有的字符"),
        ("'; DROP TABLE x;--x", "统一社会信用代码"),
        ("执" * 18, "不该有的字符"),
        (IDENTITY, "身份证号"),
    ],
)
def test_a_wrong_code_is_refused_in_plain_words(typed, says):
    with pytest.raises(Refused, match=says) as refused:
        parties.checked_code(PartyKind.TRADER, typed)
    assert refused.value.field == "credit_code"


def test_of_a_natural_person_no_number_is_taken():
    assert parties.checked_code(PartyKind.PERSON, " ") == ""
    with pytest.raises(Refused, match="不登记任何证件号码"):
        parties.checked_code(PartyKind.PERSON, IDENTITY)


def test_an_identity_number_in_words_is_found_and_a_code_is_not_taken_for_one():
    parties.refuse_identity_number(f"代码 {code(7)}，电话 13800000000", "conduct")
    with pytest.raises(Refused, match="身份证号") as refused:
        parties.refuse_identity_number(f"张某（{IDENTITY}）", "conduct")
    assert refused.value.field == "conduct"
