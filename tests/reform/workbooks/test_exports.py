"""What goes out about the work: counts of the screen, rights, lights in their colours."""

import datetime as dt
import re

import pytest

from liaisons import export_runs, roles
from liaisons.models import ExportRun
from reform import problems
from tests.cast import client_of
from tests.factories import DataItemFactory, UserFactory, moment
from tests.reform import walls
from tests.reform.filings import hand_in, hand_in_report, report_of
from tests.reform.workbooks.taking import below_heads, data, rows
from tests.xingxian_portal.foundation.workbook.reading import page
from xingxian_portal.foundation.audit import AuditEntry


@pytest.fixture
def county(db):
    made = walls.county()
    walls.it_is(walls.TODAY)
    walls.close(made.row(made.fen, "list"), walls.day(4, 20))
    return made


def test_the_ledger_holds_what_the_list_behind_the_wall_shows(county):
    for query in ({}, {"light": "overdue"}, {"task": "free", "show": "due"}, {"on": "2022-05-02"}):
        listed = client_of(county.officer).get("/obligations/", query).content.decode()
        count = int(re.search(r"共 (\d+) 项", listed)[1])
        read = rows(county.officer, "ledger", **query)
        assert (len(below_heads(read, "序号")), f"共 {count} 行" in read[1][0]) == (count, True), query


def test_a_line_of_the_ledger_holds_dates_as_dates_and_the_words_of_the_plan(county):
    (row,) = below_heads(rows(county.officer, "ledger", unit="141123100", node="list.once"), "序号")
    day, node = dt.date(2022, 4, 20), county.nodes["list"]
    assert row[2:] == [node.title, node.quote, "蔚汾镇", dt.date(2022, 4, 30), "", "已销号", day, day, ""]


def test_a_ledger_says_which_filter_was_on(county):
    assert "筛选：蔚汾镇、逾期" in rows(county.officer, "ledger", unit="141123100", light="overdue")[1][0]


def test_a_unit_gets_its_own_rows_of_the_ledger_and_the_whole_wall(county):
    liaison = UserFactory(unit=county.fen, role=roles.LIAISON)
    assert {row[4] for row in below_heads(rows(liaison, "ledger"), "序号")} == {"蔚汾镇"}
    assert {row[1] for row in rows(liaison, "wall")[4:]} >= {"瓦塘镇", "县市场局"}


def test_the_wall_has_a_row_for_each_unit_and_its_lights_in_their_colours(county):
    read = page(data(county.officer, "wall"))
    units = [read.cell(row, 2).value for row in range(5, 10)]
    assert (units, read.page_setup.paperSize) == (["县司法局", "县市场局", "县财政局", "蔚汾镇", "瓦塘镇"], 8)
    found = {(cell.value, cell.fill.fgColor.rgb) for row in read.iter_rows(min_row=5) for cell in row}
    assert {("!", "FFB3261E"), ("✓", "FFDFF1E7"), ("0/3", "00000000")} <= found


def test_the_wall_counts_as_the_page_does(county):
    lines = walls.grid().lines
    read = rows(county.officer, "wall")[4 : 4 + len(lines)]
    assert [row[-2:] for row in read] == [[line.closed, line.owed] for line in lines]


def test_the_month_has_every_line_and_who_did_not_file(cast):
    report = report_of(cast.weifen.unit)
    hand_in_report(report, cast.weifen, text="=SUM(A1)")
    other = report_of(cast.scj.unit)
    assert other.occurrence == report.occurrence
    read = below_heads(rows(cast.sfj, "month", month="2022-06"), "序号")
    assert [row[4] for row in read] == ["未报", "=SUM(A1)", "=SUM(A1)"]
    states = below_heads(rows(cast.sfj, "month", 1, month="2022-06"), "序号")
    assert [(row[2], row[6]) for row in states[:2]] == [("县市场局", "未报"), ("蔚汾镇", "按时")]
    assert [row[4] for row in below_heads(rows(cast.scj, "month", month="2022-06"), "序号")] == ["未报"]


def test_figures_are_added_up_and_a_unit_gets_its_own(county):
    item = DataItemFactory(milestone=county.nodes["register"], label="在岗人数")
    for unit, number in ((county.fen, "5"), (county.wa, "7")):
        liaison = UserFactory(unit=unit, role=roles.LIAISON)
        hand_in(county.row(unit, "register", "2022-06"), liaison, walls.TODAY, **{item.code: number})
    read = below_heads(rows(county.officer, "figures"), "群组")
    assert [(row[1], row[3]) for row in read] == [
        ("蔚汾镇", 5.0),
        ("瓦塘镇", 7.0),
        ("小计（已报 2）", 12.0),
        ("已报 2", 12.0),
    ]
    assert [(row[1], row[3]) for row in below_heads(rows(liaison, "figures"), "群组")] == [("瓦塘镇", 7.0)]


def test_the_figures_are_those_of_the_page(county):
    item = DataItemFactory(milestone=county.nodes["register"], label="在岗人数")
    for unit, number in ((county.fen, "5"), (county.wa, "7")):
        liaison = UserFactory(unit=unit, role=roles.LIAISON)
        hand_in(county.row(unit, "register", "2022-06"), liaison, walls.TODAY, **{item.code: number})
    client = client_of(county.officer)
    page = client.get(f"/tasks/{county.nodes['register'].task_id}/figures/").content.decode()
    told = [row[3] for row in below_heads(rows(county.officer, "figures"), "群组")]
    assert sorted(map(float, re.findall(r"<td[^>]*>(?:<[^>]+>)*(\d+)<", page))) == sorted(told) == [5, 7, 12, 12]


def test_the_month_counts_as_its_page_does(cast):
    hand_in_report(report_of(cast.weifen.unit), cast.weifen)
    report_of(cast.scj.unit)
    page = client_of(cast.sfj).get("/months/2022-06/").content.decode()
    states = [row for row in below_heads(rows(cast.sfj, "month", 1, month="2022-06"), "序号") if row[2]]
    filed = [row[4] != "" for row in states]
    assert (f"全部 {len(states)}</a>" in page, f"未报 {filed.count(False)}</a>" in page, filed) == (
        True,
        True,
        [False, True],
    )


def test_problems_go_out_to_the_bureau_all_and_to_a_unit_its_own(cast):
    report = report_of(cast.weifen.unit)
    problems.raise_problem(report, report.milestone.task, "缺人手", by=cast.weifen, at=moment(walls.TODAY))
    assert [row[3] for row in below_heads(rows(cast.sfj, "problems"), "序号")] == ["缺人手"]
    assert below_heads(rows(cast.scj, "problems"), "序号") == []


def test_an_export_is_kept_in_the_trail(county):
    data(county.officer, "ledger", light="overdue", is_staff="on", page="9", node="")  # what no export asks is not kept
    entry = AuditEntry.objects.get(action="export.take")
    assert (entry.actor_id, entry.after["what"], entry.after["asked"]) == (
        county.officer.pk,
        "ledger",
        {"light": "overdue"},
    )


def test_what_is_not_offered_is_not_there(cast):
    for user, slug in (
        (cast.anquan, "ledger"),
        (cast.pingcha, "month"),
        (cast.anquan, "roster"),
        (cast.sfj, "no-such"),
    ):
        assert client_of(user).get(f"/exports/{slug}/").status_code == 404


def test_nothing_to_take_is_said_and_no_fault(cast):
    client = client_of(cast.sfj)
    for slug, said in (
        ("ledger", "还没有下达的实施方案"),
        ("month", "没有开报的月度报告"),
        ("figures", "还没有要填报的数据项"),
    ):
        assert said in client.get(f"/exports/{slug}/", follow=True).content.decode()


def test_the_page_offers_each_what_he_may_take(cast):
    def offered(user):
        return re.findall(r'action="/exports/([a-z-]+)/"', client_of(user).get("/exports/").content.decode())

    work = ["ledger", "month", "wall", "figures", "problems"]
    assert (
        offered(cast.sfj)[:5]
        == offered(cast.weifen)[:5]
        == offered(cast.admin)[:5]
        == offered(cast.lingdao)[:5]
        == work
    )
    assert ("roster" in offered(cast.weifen), "roster" in offered(cast.lingdao)) == (True, False)
    assert offered(cast.anquan) == ["wall"]


def test_the_page_leads_to_documents_that_lie_on_pages_of_their_own(cast):
    def led_to(user) -> set[str]:
        page = client_of(user).get("/exports/").content.decode()
        return {
            address
            for address in ("/exemptions/cases/", "/public/lists/")
            if f'class="button" href="{address}"' in page
        }

    assert led_to(cast.weifen) == led_to(cast.sfj) == {"/exemptions/cases/", "/public/lists/"}
    assert led_to(cast.lingdao) == {"/public/lists/"}
    for user in (cast.weifen, cast.sfj):
        assert client_of(user).get("/exemptions/cases/").status_code == 200


def test_a_big_export_is_written_by_a_worker_and_fetched_from_its_page(county, settings):
    settings.EXPORT_ROWS_AT_ONCE = 3
    client = client_of(county.officer)
    answer = client.get("/exports/ledger/")
    run = ExportRun.objects.get()
    assert answer["Location"] == f"/exports/runs/{run.pk}/"
    assert "正在排队" in client.get(answer["Location"]).content.decode()
    assert export_runs.write(run.pk)
    assert not export_runs.write(run.pk)  # handed out twice: one file
    assert "已生成" in client.get(answer["Location"]).content.decode()
    fetched = b"".join(client.get(f"{answer['Location']}file/").streaming_content)
    assert page(fetched).max_row > 10
    assert client_of(UserFactory(unit=county.bureau)).get(answer["Location"]).status_code == 404
