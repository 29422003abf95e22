"""The bureau's desk: every pile with its count and rows, narrowed, grouped; urging many, accepting many."""

import datetime as dt

import pytest

from liaisons import roles
from liaisons.models import Notice
from reform import filing, problems, proposals, review
from reform.models import Proposal, Submission, Urging
from reform.states import State
from tests.cast import bureau, client_of, department, township
from tests.factories import MilestoneFactory, ObligationFactory, TaskFactory, UnitFactory, UserFactory
from tests.reform.filings import JUNE_20, hand_in, hand_in_report, report_of
from tests.reform.views.bureau import NOON, NOT_THE_BUREAU, let_it_be_noon, page, post, queries

MAY_31, JULY_10 = dt.date(2022, 5, 31), dt.date(2022, 7, 10)
PAGES = ["", "waiting/", "missing/", "undecided/", "overdue/", "problems/", "lagging/", "look/", "review/"]


@pytest.fixture(autouse=True)
def _noon(db):
    let_it_be_noon()


def one_of_each(cast, unit=None, by=None):
    """Put one row on every pile."""
    unit, by = unit or township(), by or cast.weifen
    task = TaskFactory()
    hand_in(ObligationFactory(unit=unit, milestone__task=task), by)
    report = report_of(unit, tasks=0)
    asked = ObligationFactory(unit=unit, milestone__task=task)
    proposals.ask(asked, Proposal.EXTENSION, by=by, reason="会场未定。", until=JULY_10, at=NOON)
    ObligationFactory(unit=unit, milestone__task=task, due_on=MAY_31)
    problems.raise_problem(report, task, f"请{unit.short_name}协调车辆。", by=by, at=NOON)
    continuous = MilestoneFactory(continuous=True, task=task)
    ObligationFactory(unit=unit, milestone=continuous, state=State.LAGGING)


def many_of_each(cast, number=4):
    for _ in range(number):
        unit = UnitFactory(township=True)
        one_of_each(cast, unit, UserFactory(unit=unit, role=roles.LIAISON))


def count(html, pile):
    return int(html.split(f"<span>{pile}</span><b>")[1].split("<")[0])


def test_the_desk_counts_every_pile_and_shows_its_first_rows(cast):
    one_of_each(cast)
    html = page(cast.sfj, "/desk/")
    assert {
        name: count(html, name) for name in ("待审核", "未报", "待决定", "逾期", "需协调问题", "滞后")
    } == dict.fromkeys(("待审核", "未报", "待决定", "逾期", "需协调问题", "滞后"), 1)
    for words in ("请蔚汾镇协调车辆。", "6月30日 → 7月10日", "逾期 20 天", "还有 1 天", "6月20日 10:00 报送"):
        assert words in html


def test_an_empty_desk_says_so(cast):
    html = page(cast.sfj, "/desk/")
    assert "眼下没有要办的事" in html
    assert "逐件审核" not in html


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("name", NOT_THE_BUREAU)
def test_nobody_else_finds_the_desk(cast, address, name):
    assert client_of(getattr(cast, name)).get(f"/desk/{address}").status_code == 404


@pytest.mark.parametrize("address", ["accept/", "urge/"])
@pytest.mark.parametrize("name", NOT_THE_BUREAU)
def test_nobody_else_acts_from_the_desk(cast, address, name):
    one_of_each(cast)
    filed, overdue = Submission.objects.get(), ObligationFactory(unit=township(), due_on=MAY_31)
    response, _ = post(getattr(cast, name), f"/desk/{address}", pick=[filed.pk, overdue.pk], section="overdue", all="1")
    assert response.status_code == 404
    assert Submission.objects.get().state == Submission.FILED
    assert not Urging.objects.exists()


@pytest.mark.parametrize("address", PAGES[:7])
def test_a_page_asks_the_database_as_often_for_many_rows_as_for_one(cast, address):
    one_of_each(cast)
    once = queries(cast.sfj, f"/desk/{address}?group=unit")
    many_of_each(cast)
    assert queries(cast.sfj, f"/desk/{address}?group=unit") == once


def test_looking_at_many_asks_as_often_as_looking_at_one(cast):
    one_of_each(cast)
    once = queries(cast.sfj, f"/desk/look/?pick={Submission.objects.get().pk}")
    many_of_each(cast)
    picks = "&".join(f"pick={pk}" for pk in Submission.objects.values_list("pk", flat=True))
    assert queries(cast.sfj, f"/desk/look/?{picks}") == once


def test_a_long_pile_has_pages_that_keep_the_filter(cast):
    for _ in range(32):
        ObligationFactory(unit=township(), due_on=MAY_31)
    html = page(cast.sfj, f"/desk/overdue/?unit={township().pk}")
    assert html.count('name="pick"') == 30
    assert f"?unit={township().pk}&amp;page=2" in html
    assert page(cast.sfj, "/desk/overdue/?page=2").count('name="pick"') == 2


def rows_of(html):
    return [part.split("</a>")[0] for part in html.split('<a href="/obligations/')[1:]]


def test_a_list_is_narrowed_by_unit_task_and_month(cast):
    mine, other = TaskFactory(plan__state="issued", plan__issued_at=NOON, plan__issued_by=cast.sfj), TaskFactory()
    wanted = ObligationFactory(unit=township(), milestone__task=mine, due_on=MAY_31)
    ObligationFactory(unit=department(), milestone__task=mine, due_on=MAY_31)
    ObligationFactory(unit=township(), milestone__task=other, due_on=MAY_31)
    ObligationFactory(unit=township(), milestone__task=mine, due_on=dt.date(2022, 4, 30))
    html = page(cast.sfj, f"/desk/overdue/?unit={township().pk}&task={mine.pk}&month=2022-05")
    assert len(rows_of(html)) == 1
    assert wanted.name in rows_of(html)[0]
    assert "没有符合条件的" in page(cast.sfj, "/desk/overdue/?month=2022-04&unit=" + str(department().pk))


def test_a_list_is_grouped_by_unit_task_or_month(cast):
    ObligationFactory(unit=township(), due_on=MAY_31)
    ObligationFactory(unit=department(), due_on=dt.date(2022, 4, 30))
    html = page(cast.sfj, "/desk/overdue/?group=unit")
    assert all(f'<h2 class="group-head">{unit.name}</h2>' in html for unit in (township(), department()))
    html = page(cast.sfj, "/desk/overdue/?group=month")
    assert html.index("2022年4月</h2>") < html.index("2022年5月</h2>")


@pytest.mark.parametrize("question", ["unit=999", "unit=x", "task=1e9", "month=2022-13", "group=colour", "page=x"])
def test_a_choice_that_does_not_exist_shows_everything(cast, question):
    ObligationFactory(unit=township(), due_on=MAY_31)
    assert len(rows_of(page(cast.sfj, f"/desk/overdue/?{question}"))) == 1


def test_only_the_newest_month_is_missing_an_older_one_is_overdue(cast):
    may = report_of(township(), tasks=0, occurrence="2022-05")
    june = report_of(department(), tasks=0, occurrence="2022-06")
    assert [may.name in page(cast.sfj, f"/desk/{pile}/") for pile in ("missing", "overdue")] == [False, True]
    assert [june.name in page(cast.sfj, f"/desk/{pile}/") for pile in ("missing", "overdue")] == [True, False]


def test_a_report_returned_for_mending_was_filed_one_returned_as_unfiled_was_not(cast):
    mended, voided = report_of(township()), report_of(department())
    hand_in_report(mended, cast.weifen)
    hand_in_report(voided, cast.scj)
    for row, as_unfiled in ((mended, False), (voided, True)):
        mend_by = dt.date(2022, 6, 24)
        review.send_back(row, by=cast.sfj, reason="太空。", mend_by=mend_by, as_unfiled=as_unfiled, at=NOON)
    html = page(cast.sfj, "/desk/missing/")
    assert [f'href="/obligations/{row.pk}/urge/"' in html for row in (mended, voided)] == [False, True]


def test_a_returned_duty_is_overdue_by_its_mending_day_alone(cast):
    row = ObligationFactory(unit=township(), due_on=MAY_31, mend_by=dt.date(2022, 6, 24), state=State.DOING)
    assert row.name not in page(cast.sfj, "/desk/overdue/")
    assert not rows_of(page(cast.sfj, "/desk/overdue/"))


def test_continuous_duties_lag_by_mark_or_by_the_last_report(cast):
    plan = report_of(township(), tasks=0, occurrence="2022-05").milestone.task
    behind = ObligationFactory(
        unit=township(), state=State.ONGOING, milestone=MilestoneFactory(continuous=True, task=plan)
    )
    fine = ObligationFactory(
        unit=department(), state=State.ONGOING, milestone=MilestoneFactory(continuous=True, task=plan)
    )
    html = page(cast.sfj, "/desk/lagging/")
    assert f'href="/obligations/{behind.pk}/mark/"' in html
    assert f'href="/obligations/{fine.pk}/mark/"' not in html


def test_reviewing_begins_with_what_waits_longest_and_passes_over_ones_own(cast):
    own = hand_in(ObligationFactory(unit=bureau()), cast.sfj, dt.date(2022, 6, 1))
    late = hand_in(ObligationFactory(unit=township()), cast.weifen, JUNE_20)
    early = hand_in(ObligationFactory(unit=township()), cast.weifen, dt.date(2022, 6, 13))
    assert client_of(cast.sfj).get("/desk/review/").url == f"/submissions/{early.pk}/review/"
    assert client_of(cast.sfjld).get("/desk/review/").url == f"/submissions/{own.pk}/review/"
    for filed in (early, late):
        review.accept(filed.obligation, by=cast.sfjld)
    assert client_of(cast.sfj).get("/desk/review/").url == "/desk/"


def test_ones_own_filing_cannot_be_ticked(cast):
    filed = hand_in(ObligationFactory(unit=bureau()), cast.sfj)
    html = page(cast.sfj, "/desk/waiting/")
    assert "请另一名工作人员审核" in html
    assert html.split(f'name="pick" value="{filed.pk}"')[1].split(">")[0].endswith(" disabled")


def test_what_was_picked_is_shown_and_accepted_together(cast):
    filed = [hand_in(ObligationFactory(unit=township()), cast.weifen, text=f"第{n}件。") for n in range(3)]
    address = "/desk/look/?" + "&".join(f"pick={one.pk}" for one in filed)
    html = page(cast.sfj, address)
    assert all(f"第{n}件。" in html for n in range(3))
    response, said = post(cast.sfj, "/desk/accept/", pick=[filed[0].pk, filed[2].pk], next=address)
    assert (response.url, said) == (address, ["已销号 2 件。"])
    states = list(Submission.objects.order_by("pk").values_list("state", flat=True))
    assert states == [Submission.ACCEPTED, Submission.FILED, Submission.ACCEPTED]
    html = page(cast.sfj, address)
    assert html.count("已销号　司法科员") == 2
    assert html.count('name="pick"') == 1


def test_each_refusal_of_many_is_told_row_by_row(cast):
    taken, mine, free = [
        hand_in(ObligationFactory(unit=unit), by)
        for unit, by in ((township(), cast.weifen), (bureau(), cast.sfj), (department(), cast.scj))
    ]
    review.accept(taken.obligation, by=cast.sfjld)
    _, said = post(cast.sfj, "/desk/accept/", pick=[taken.pk, mine.pk, free.pk])
    assert said[0] == "已销号 1 件。"
    assert "蔚汾镇" in said[1]
    assert "可能已由别人处理" in said[1]
    assert "县司法局" in said[2]
    assert "不能是同一个人" in said[2]


def test_a_filing_refiled_since_it_was_shown_is_not_accepted(cast):
    old = hand_in(ObligationFactory(unit=township()), cast.weifen)
    filing.withdraw(old.obligation, by=cast.weifen)
    hand_in(old.obligation, cast.weifen)
    _, said = post(cast.sfj, "/desk/accept/", pick=[old.pk])
    assert said == ["没有勾选要销号的报送。"]
    assert old.obligation.submissions.latest("number").state == Submission.FILED


@pytest.mark.parametrize("picks", [[], ["x"], ["９"], ["-1"], ["999999"], ["9" * 40]])
def test_nothing_picked_or_nonsense_picked_is_a_plain_message(cast, picks):
    response, said = post(cast.sfj, "/desk/accept/", pick=picks)
    assert (response.url, said) == ("/desk/waiting/", ["没有勾选要销号的报送。"])
    response = client_of(cast.sfj).get("/desk/look/", {"pick": picks})
    assert response.url == "/desk/waiting/"


def test_what_was_never_filed_or_was_withdrawn_is_not_shown_to_the_bureau(cast):
    filed = hand_in(ObligationFactory(unit=township()), cast.weifen)
    filing.withdraw(filed.obligation, by=cast.weifen)
    assert client_of(cast.sfj).get("/desk/look/", {"pick": [filed.pk]}).url == "/desk/waiting/"


def test_ticked_duties_are_urged_with_the_note(cast):
    rows = [ObligationFactory(unit=unit, due_on=MAY_31) for unit in (township(), department())]
    response, said = post(cast.sfj, "/desk/urge/", section="overdue", pick=[rows[0].pk], note="请今天报。")
    assert (response.url, said) == ("/desk/overdue/", ["已催办 1 个单位。"])
    assert [(urged.obligation, urged.note) for urged in Urging.objects.all()] == [(rows[0], "请今天报。")]


def test_all_of_a_pile_is_urged_as_it_is_narrowed(cast):
    rows = [ObligationFactory(unit=unit, due_on=MAY_31) for unit in (township(), department())]
    _, said = post(cast.sfj, "/desk/urge/", section="overdue", all="1", unit=township().pk)
    assert said == ["已催办 1 个单位。"]
    assert Urging.objects.get().obligation == rows[0]
    _, said = post(cast.sfj, "/desk/urge/", section="overdue", all="1")
    assert said[0] == "已催办 1 个单位。"
    assert "24 小时内不重复催办" in said[1]


def test_urging_twice_tells_once_and_says_why(cast):
    row = ObligationFactory(unit=township(), due_on=MAY_31)
    for _ in range(2):
        _, said = post(cast.sfj, "/desk/urge/", section="overdue", pick=[row.pk])
    assert "司法科员已在 6月20日 12:00 催办过" in said[0]
    assert (Urging.objects.count(), Notice.objects.count()) == (1, 1)
    html = page(cast.sfj, "/desk/overdue/")
    assert "司法科员 6月20日 12:00 催办" in html
    assert html.split(f'name="pick" value="{row.pk}"')[1].split(">")[0].endswith(" disabled")


def test_many_refusals_are_summed_up(cast):
    rows = [ObligationFactory(unit=UnitFactory(), due_on=MAY_31) for _ in range(7)]
    _, said = post(cast.sfj, "/desk/urge/", section="overdue", pick=[row.pk for row in rows])
    assert len(said) == 6
    assert said[-1] == "另有 2 件没有催办，原因见列表。"


def test_a_note_that_is_too_long_urges_nobody(cast):
    row = ObligationFactory(unit=township(), due_on=MAY_31)
    _, said = post(cast.sfj, "/desk/urge/", section="overdue", pick=[row.pk], note="长" * 201)
    assert said == ["附言最多 200 字。"]
    assert not Urging.objects.exists()


def test_only_what_is_on_the_pile_is_urged(cast):
    """A forged id of a duty that is not overdue is passed over."""
    row = ObligationFactory(unit=township(), due_on=JULY_10)
    _, said = post(cast.sfj, "/desk/urge/", section="overdue", pick=[row.pk])
    assert said == ["没有勾选要催办的事项。"]


@pytest.mark.parametrize("section", ["waiting", "undecided", "problems", "lagging", "nonsense", ""])
def test_only_the_piles_of_what_is_not_filed_are_urged(cast, section):
    one_of_each(cast)
    response, _ = post(cast.sfj, "/desk/urge/", section=section, all="1")
    assert response.status_code == 404
    assert not Urging.objects.exists()


def test_after_urging_one_goes_back_to_a_page_of_the_portal_alone(cast):
    row = ObligationFactory(unit=township(), due_on=MAY_31)
    response, _ = post(cast.sfj, "/desk/urge/", section="overdue", pick=[row.pk], next="https://elsewhere.example/")
    assert response.url == "/desk/overdue/"
