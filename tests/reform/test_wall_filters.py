"""What is asked of the wall: understood, or named in a sentence and left aside."""

import pytest

from reform import wall_choices, wall_filters
from reform.wall_filters import Asked
from reform.wall_source import Source
from tests.reform.walls import TODAY, close, county, day, file, grid

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return county()


def read(**query):
    return wall_filters.read(query, Source.read().ground, TODAY)


def kept(on=TODAY, **asked):
    ground = Source.read().ground
    return grid(on).narrowed(wall_filters.keeper(Asked(**asked), ground, on))


def test_everything_that_can_be_asked_is_understood(here):
    asked = read(
        plan="plan", on="2022-05-01", group="townships", unit="scj", task="led", node="report.2022-04", month="2022-04",
        light="late-closed", show="due",
    )  # fmt: skip
    assert asked == Asked(
        "plan", day(5, 1), "townships", "scj", "led", "report.2022-04", "2022-04", "late-closed", "due"
    )
    assert asked.problems == ()


@pytest.mark.parametrize(
    "on", ["2022-02-30", "gestern", "2022-6-1", "20220601", "2022-W25-1", "2022-06-01T00:00", "０"]
)
def test_what_is_no_day_is_said_and_today_is_shown(here, on):
    asked = read(on=on)
    assert asked.on is None
    assert asked.problems == (f"“{on[:20]}”不是日历上的日子，下面是今天的情况。日期请写成 2022-06-20 这样。",)


@pytest.mark.parametrize("on", ["1900-01-01", "1999-12-31", "2100-01-01", "2122-04-13", "9999-12-31", "0001-01-01"])
def test_a_day_too_far_away_is_said_and_today_is_shown(here, on):
    asked = read(on=on)
    assert (asked.on, len(asked.problems)) == (None, 1)
    assert on in asked.problems[0]


@pytest.mark.parametrize("on", ["2000-01-01", "2099-12-31"])
def test_the_first_and_the_last_day_can_be_asked(here, on):
    asked = read(on=on)
    assert asked.problems == ()
    links = wall_choices.links(asked, asked.on, TODAY)
    assert all("on=" in links[name] for name in ("day_before", "day_after"))


def test_today_by_its_date_is_today(here):
    assert read(on="2022-06-20") == Asked()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("plan", "no-such"), ("plan", "a b'\"<\0"), ("group", "nobody"), ("unit", "zzz"), ("task", "1 OR 1=1"),
        ("node", "set-up"), ("node", "x.once"), ("month", "2022-13"), ("month", "六月"), ("light", "purple"),
        ("show", "everything"),
    ],
)  # fmt: skip
def test_an_unknown_filter_is_said_and_left_aside(here, name, value):
    asked = read(**{name: value, "task" if name != "task" else "unit": "led" if name != "task" else "scj"})
    assert len(asked.problems) == 1
    assert value.strip()[:30] in asked.problems[0]
    assert getattr(asked, name) == ""
    assert asked.task == "led" or asked.unit == "scj"


def test_a_draft_is_no_plan_to_look_at(here):
    here.plan.pk, here.plan.code, here.plan.document_number = None, "draft", "样例发〔2022〕9号"
    here.plan.state, here.plan.issued_at, here.plan.issued_by = "draft", None, None
    here.plan.save()
    assert read(plan="draft").plan == ""


@pytest.mark.parametrize("code", ["", "a" * 41, "a b", "a\0", "方案", "'; DROP"])
def test_what_cannot_be_a_plans_code_is_not_asked_of_the_database(code):
    assert wall_filters.plan_in({"plan": code}) == ""


def test_a_group_keeps_its_members_lines(here):
    assert [line.unit.code for line in kept(group="townships").lines] == [here.fen.code, here.wa.code]
    assert "rules" not in {column.milestone.code for column in kept(group="townships").columns}


def test_a_groups_members_are_those_of_the_day(here):
    here.townships.memberships.filter(unit=here.wa).update(left_on=day(6, 1))
    assert [line.unit.code for line in kept(group="townships").lines] == [here.fen.code]
    assert len(kept(day(5, 1), group="townships").lines) == 2


def test_a_task_keeps_its_columns_and_who_has_a_cell_there(here):
    narrowed = kept(task="free")
    assert {column.milestone.code for column in narrowed.columns} == {"list", "rules", "report"}
    assert "sfj" not in {line.unit.code for line in narrowed.lines}


def test_a_light_keeps_cells_of_it_alone(here):
    close(here.row(here.fen, "list"), day(4, 20))
    narrowed = kept(light="closed")
    assert [(line.unit, [c.column.milestone.code for c in line.cells]) for line in narrowed.lines] == [
        (here.fen, ["list"])
    ]


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("due", {"list", "report"}),
        ("closed", {"list"}),
        ("reports", {"report"}),
        ("undated", {"coach", "rules"}),
        ("continuous", {"always"}),
        ("closable", {"set-up", "register", "coach", "list", "rules", "report"}),
    ],
)
def test_what_a_figure_speaks_of_can_be_shown(here, show, expected):
    close(here.row(here.fen, "list"), day(4, 20))
    assert {column.milestone.code for column in kept(show=show).columns} == expected


def test_who_has_not_reported(here):
    file(here.row(here.fen, "report", "2022-04"), day(4, 19))
    units = [line.unit.code for line in kept(show="unreported", month="2022-04").lines]
    assert units == ["scj", "czj", here.wa.code]


def test_an_address_keeps_the_question_and_changes_a_part_of_it():
    asked = Asked(on=day(5, 1), group="townships", light="overdue")
    assert asked.address() == "?on=2022-05-01&group=townships&light=overdue"
    assert asked.address(on=None, task="a&b") == "?group=townships&task=a%26b&light=overdue"
    assert Asked().address() == "?"


def test_the_neighbouring_days(here):
    links = wall_choices.links(Asked(), TODAY, TODAY)
    assert (links["day_before"], links["day_after"]) == ("?on=2022-06-19", "?on=2022-06-21")
    assert wall_choices.links(Asked(on=day(6, 19)), day(6, 19), TODAY)["day_after"] == "?"


def test_a_plan_is_offered_once_by_its_newest_version(here):
    choices = wall_choices.choices(Asked(), Source.read().ground, here.plan.pk)
    assert [(choice.value, choice.chosen) for choice in choices["plan"]] == [("plan", True)]
    assert [choice.value for choice in choices["task"]] == ["led", "free"]
