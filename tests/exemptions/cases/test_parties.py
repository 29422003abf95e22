"""Whose case it is: codes with a right check digit, of natural persons no number at all."""

import pytest

from exemptions.cases import conditions, correction, deciding, first_offence, parties, recording
from exemptions.cases.conditions import Tick
from exemptions.cases.parties import PartyKind
from tests.exemptions.case_samples import (
    AT,
    JUNE_1,
    JUNE_10,
    JUNE_20,
    SPARED,
    code,
    decided,
    facts,
    ordered,
    ready,
    recorded,
)
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


def _decide(case, by, **words):
    given = {"decision": "no_penalty", "education": "当面教育", "reason": "主动改正"} | words
    return deciding.decide(case, decided_on=JUNE_20, spared=SPARED, by=by, at=AT, **given)


# Each act that takes words of a case: the input, the case it is done to, the act.
WORDED = {
    "direct_reason": (recorded, lambda case, by, text: recording.amend(case, facts(direct_reason=text), by=by, at=AT)),
    "proof-1": (recorded, lambda case, by, text: conditions.tick(case, {1: Tick(True, text)}, by=by, at=AT)),
    "demands": (
        recorded,
        lambda case, by, text: correction.order(
            case, ordered_on=JUNE_1, correct_by=JUNE_10, demands=text, by=by, at=AT
        ),
    ),
    "text": (ordered, lambda case, by, text: correction.promise(case, promised_on=JUNE_1, text=text, by=by, at=AT)),
    "findings": (
        ordered,
        lambda case, by, text: correction.recheck(
            case, rechecked_on=JUNE_10, result="in_time", findings=text, by=by, at=AT
        ),
    ),
    "education": (ready, lambda case, by, text: _decide(case, by, education=text)),
    "reason": (ready, lambda case, by, text: _decide(case, by, reason=text)),
    "served_how": (decided, lambda case, by, text: deciding.serve(case, served_on=JUNE_20, served_how=text, by=by, at=AT)),
    "note": (
        decided, lambda case, by, text: deciding.publicise(case, publicity="withheld", on=JUNE_20, note=text, by=by, at=AT),
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("field", WORDED)
def test_no_words_of_a_case_keep_an_identity_number(cast, field):
    made, act = WORDED[field]
    case = made(cast.weifen)
    with pytest.raises(Refused, match="身份证号") as refused:
        act(case, cast.weifen, f"张某（{IDENTITY}）")
    assert refused.value.field == field


@pytest.mark.django_db
def test_neither_does_what_was_found_out_of_a_first_offence_nor_why_a_case_is_void(cast):
    case = recorded(cast.weifen)
    check = first_offence.check(case, by=cast.weifen, at=AT)
    with pytest.raises(Refused, match="身份证号"):
        first_offence.confirm(check, is_first=True, note=IDENTITY, by=cast.weifen, at=AT)
    with pytest.raises(Refused, match="身份证号"):
        deciding.make_void(case, reason=IDENTITY, by=cast.weifen, at=AT)
