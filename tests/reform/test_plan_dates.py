"""Every date of 兴司发〔2022〕10号 belongs to one milestone, or to the list of dates that bind nobody."""

import re

import pytest

from tests.reform.plan_rows import milestones, plan, text

DATE = re.compile(
    r"〔\d{4}〕\s*\d+\s*号"
    r"|\d{4}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?"
    r"|(?:每年)?\d{1,2}月(?:底|\d{1,2}日)前?(?:、\d{1,2}月底前?)*"
    r"|每月\d{1,2}日前?"
)
# Any other way in which a plan may speak of time; a hit would mean that DATE is too narrow for this text.
OTHER_TIME = re.compile(
    r"\d\s*[年月日号周天]|[〔〕]|每[年月周季日天旬]|[一二三四五六七八九十](?:月|季度|日前)|[上中下]旬|年[底内初末中]|半年|季度|[今明去]年"
    r"|个?工作日|截至|截止"
)

# Milestone: kind, date, day of the month, months, the words that say so.
LIMITS = {
    "211-agencies": ("dated", "2022-04-30", None, [], ["4月底前"]),
    "211-staffing": ("dated", "2022-05-31", None, [], ["5月底前"]),
    "212-training": ("undated", None, None, [], []),
    "212-supervision": ("undated", None, None, [], []),
    "212-work-plan": ("undated", None, None, [], []),
    "212-pilots": ("dated", "2022-06-30", None, [], ["6月底前"]),
    "213-item-list": ("dated", "2022-04-30", None, [], ["4月底前"]),
    "213-training": ("dated", "2022-08-31", None, [], ["8月底前"]),
    "213-case-review": ("dated", "2022-10-31", None, [], ["10月底前"]),
    "213-discretion": ("undated", None, None, [], []),
    "213-collective-discussion": ("undated", None, None, [], []),
    "213-coordination": ("undated", None, None, [], []),
    "214-agency-set-up": ("dated", "2022-06-30", None, [], ["6月底前"]),
    "214-support": ("undated", None, None, [], []),
    "214-registration": ("yearly", None, None, [6, 12], ["每年6月底、12月底"]),
    "221-exemption-list": ("dated", "2022-05-31", None, [], ["5月底前"]),
    "221-adjustment": ("continuous", None, None, [], []),
    "222-prudent-supervision": ("continuous", None, None, [], []),
    "222-pilots": ("undated", None, None, [], []),
    "223-legal-education": ("continuous", None, None, [], []),
    "31-reform-duty": ("continuous", None, None, [], []),
    "32-qualification": ("continuous", None, None, [], []),
    "33-liaison": ("dated", "2022-04-15", None, [], ["4月15日前"]),
    "33-monthly-report": ("monthly", None, 21, [], ["每月21日前"]),
}

DELIVERABLES = {
    "212-supervision": "case_review",
    "213-item-list": "item_list",
    "213-case-review": "case_review",
    "213-discretion": "discretion",
    "221-exemption-list": "exemption_list",
    "33-liaison": "liaison",
}


def spans(code: str) -> range:
    """Give where the milestone's quote stands in the text."""
    start = text().index(milestones()[code]["quote"])
    return range(start, start + len(milestones()[code]["quote"]))


def dates_of_nobody() -> list[int]:
    """Give where each entry of the list stands in the text."""
    listed = plan()["dates_that_bind_nobody"]
    return [text().index(entry["quote"]) + entry["quote"].index(entry["words"]) for entry in listed]


def test_the_milestones_in_the_order_of_the_document():
    assert list(milestones()) == list(LIMITS)


@pytest.mark.parametrize("code", LIMITS)
def test_a_milestone_falls_due_when_its_words_say(code):
    milestone = milestones()[code]
    kind, due_on, day, months, words = LIMITS[code]
    assert (milestone["kind"], milestone["due_on"], milestone["day"], milestone["months"]) == (
        kind,
        due_on,
        day,
        months,
    )
    assert DATE.findall(milestone["quote"]) == words


def test_what_closes_a_milestone_when_it_is_not_a_filing():
    other = {code: row["deliverable"] for code, row in milestones().items() if row["deliverable"] != "submission"}
    assert other == DELIVERABLES


def test_every_date_of_the_text_binds_one_milestone_or_nobody():
    nobody = dates_of_nobody()
    owners = {
        (found.start(), found.group()): [code for code in milestones() if found.start() in spans(code)]
        + ["nobody"] * nobody.count(found.start())
        for found in DATE.finditer(text())
    }
    assert {date: who for date, who in owners.items() if len(who) != 1} == {}
    assert [(date, who[0]) for (_, date), who in owners.items()] == [
        ("〔2022〕10号", "nobody"),
        ("2022年4月13日", "nobody"),
        ("2022 年", "nobody"),
        ("〔2022〕6 号", "nobody"),
        ("4月底前", "211-agencies"),
        ("5月底前", "211-staffing"),
        ("6月底前", "212-pilots"),
        ("4月底前", "213-item-list"),
        ("8月底前", "213-training"),
        ("10月底前", "213-case-review"),
        ("6月底前", "214-agency-set-up"),
        ("〔2022〕25号", "nobody"),
        ("每年6月底、12月底", "214-registration"),
        ("5月底前", "221-exemption-list"),
        ("4月15日前", "33-liaison"),
        ("每月21日前", "33-monthly-report"),
    ]


def test_the_two_lists_name_no_date_that_is_not_in_the_text():
    found = {match.start(): match.group() for match in DATE.finditer(text())}
    listed = plan()["dates_that_bind_nobody"]
    assert [found[start] for start in dates_of_nobody()] == [entry["words"] for entry in listed]
    for entry in listed:
        assert text().count(entry["quote"]) == 1
        assert entry["quote"].count(entry["words"]) == 1
        assert entry["place"]


def test_the_text_speaks_of_time_in_no_other_way():
    assert OTHER_TIME.findall(DATE.sub("", text())) == []
