"""Codes are made from what the document says."""

import pytest

from reform import codes


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("二、任务分工", "2"), ("（一）深入推进", "1"), ("(三)普法", "3"), ("十、附则", "10"), ("十二、附则", "12"),
        ("（二十一）其他", "21"), ("4", "4"), ("4.", "4"), ("任务分工", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_number_of_a_heading(words, number):
    assert codes.number_of(words) == number


def test_a_tasks_code_is_its_place():
    path = ["二、任务分工", "（一）深入推进综合行政执法改革"]
    assert codes.task_code(path, "4", set()) == "214"
    assert codes.task_code(path, "4", {"214", "214-2"}) == "214-3"
    assert codes.task_code(["三、工作要求"], "3", set()) == "33"
    assert codes.task_code([], "", set()) == "t"


@pytest.mark.parametrize(
    ("number", "title", "code"),
    [
        ("兴司发〔2022〕10号", "方案", "xsf-2022-10"),
        ("", "关于推行柔性执法的实施方案", "gytxrxzfdssfa"),
        ("〔〕", "！！", "plan"),
        ("", "方案" * 100, ("fa" * 100)[:30]),
    ],
)
def test_a_plans_code_is_its_document_number(number, title, code):
    assert codes.plan_code(number, title, set()) == code


def test_what_is_taken_is_numbered_on():
    assert codes.plan_code("兴司发〔2022〕10号", "", {"xsf-2022-10"}) == "xsf-2022-10-2"
    assert codes.milestone_code("214", {"214-1", "214-3"}) == "214-2"
    assert codes.item_code("在岗人数", {"zgrs"}) == "zgrs-2"
    assert codes.item_code("……", set()) == "item"
