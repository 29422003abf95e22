"""Telephone numbers: one normal form, never shown in full by accident."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context, Template

from xingxian_portal.foundation import phones
from xingxian_portal.foundation.keyed_digest import digest
from xingxian_portal.foundation.phones import Phone
from xingxian_portal.foundation.refusal import Refused

NUMBER = "13800001234"


@pytest.mark.parametrize(
    "written",
    [
        "138 0000 1234",
        "138-0000-1234",
        "+86 13800001234",
        "0086-138 0000 1234",
        "１３８００００１２３４",
        "\u00a013800001234\t",
    ],
)
def test_a_mobile_number_has_one_normal_form(written):
    assert phones.normal(written) == NUMBER


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (NUMBER, "138****1234"), ("0358-6320000", "****000"), ("6320000", "****000"), ("12345", "****345"), ("110", "****"), ("", ""),
    ],
)  # fmt: skip
def test_a_number_is_masked(number, shown):
    assert phones.mask(number) == shown


def test_a_phone_shows_itself_masked_wherever_it_is_written():
    phone = Phone.of(NUMBER)
    page = Template("{% load masked %}{{ phone }} {{ phone|masked }} {{ text|masked }} {{ none|masked }}|")
    written = [
        str(phone),
        repr(phone),
        f"{phone}",
        page.render(Context({"phone": phone, "text": NUMBER, "none": None})),
    ]
    assert NUMBER not in "".join(written)
    assert written[-1] == "138****1234 138****1234 138****1234 |"
    assert phone.full == NUMBER
    with pytest.raises(TypeError):
        json.dumps(phone, cls=DjangoJSONEncoder)


def test_numbers_that_look_alike_when_masked_are_not_equal():
    one, other = Phone.of("13800001234"), Phone.of("138" + "0001" + "1234")
    assert one.masked == other.masked
    assert one != other
    assert one.digest != other.digest
    assert {one, Phone.of("138 0000 1234")} == {one}


def test_the_masked_number_left_in_a_form_means_the_number_that_is_kept():
    assert phones.typed("138****1234", Phone.of(NUMBER)) == NUMBER
    assert phones.typed(" 138 0000 5678 ", Phone.of(NUMBER)) == "13800005678"
    assert phones.typed("", Phone.of(NUMBER)) == ""


@pytest.mark.parametrize(
    "written", ["138****1234", "1380000123", "abc", "<script>", "1" * 400, "138000012345", "0358-63200001234"]
)
def test_what_is_no_number_is_refused_beside_its_field(written):
    with pytest.raises(Refused, match="电话号码格式不对") as refused:
        phones.typed(written)
    assert refused.value.field == "phone"


@pytest.mark.parametrize("written", ["0358-6320000", "03586320000", "6320000", "0358-6320000-801", "400-600-0000"])
def test_landlines_pass(written):
    assert phones.typed(written) == written


def test_a_digest_needs_the_key(settings):
    first = digest(NUMBER)
    assert (len(first), first) == (32, digest(NUMBER))
    settings.DIGEST_KEY = "another key, at least thirty-two letters long"
    assert digest(NUMBER) != first
    assert digest("") == ""


def test_a_number_within_a_text_is_masked_and_a_piece_of_a_longer_one_is_not():
    value = {"a": f"请致电{NUMBER}。", "b": [f"{NUMBER}0", f"e{NUMBER}", 5, None], "c": {"d": (NUMBER,)}}
    parted = "138-0000-1234 138 0000 1234，138-0000 1234、2022-13800-0000-1234"
    assert phones.masked_within(parted) == "138****1234 138****1234，138-0000 1234、2022-13800-0000-1234"
    assert phones.masked_within(value) == {
        "a": "请致电138****1234。", "b": [f"{NUMBER}0", f"e{NUMBER}", 5, None], "c": {"d": ["138****1234"]},
    }  # fmt: skip
