"""Text in cells: never a formula, never a character that breaks the file."""

import pytest

from xingxian_portal.foundation.workbook import cell_text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "==1+1",
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(1)",
        '=HYPERLINK("http://x","y")',
    ],
)
def test_what_could_be_taken_for_a_formula_is_quoted(text):
    assert cell_text.needs_quote(text)


@pytest.mark.parametrize("text", ["", "圪垯上乡", "1=1", "（=1）", "—"])
def test_other_text_is_not(text):
    assert not cell_text.needs_quote(text)


def test_characters_that_a_file_cannot_hold_are_left_out():
    assert cell_text.safe("a\x00b\x0bc\ud800d\uffffe\tf\r\ng\rh") == "abcde\tf\ng\nh"


def test_text_that_is_too_long_for_a_cell_says_that_it_was_cut():
    text = cell_text.safe("长" * 40_000)
    assert (len(text), text[-len(cell_text.CUT) :]) == (cell_text.LONGEST, cell_text.CUT)


def test_nothing_is_an_empty_text():
    assert cell_text.safe(None) == ""
