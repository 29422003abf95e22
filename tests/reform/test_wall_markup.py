"""The wall's table as HTML: what a cell carries, where it leads, the line of the day, and nothing unescaped."""

import re
from html.parser import HTMLParser

import pytest

from reform import wall_kept, wall_markup
from reform.states import State, Verb
from reform.wall_filters import Asked
from reform.wall_source import Source
from tests.reform.walls import TODAY, close, county, day, file, grid, lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return county()


class Table(HTMLParser):
    """Reads the table: each row a list of (classes, attributes of the light in it, text)."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append([attributes, None, ""])
        elif "light" in attributes.get("class", "").split():
            self.rows[-1][-1][1] = attributes | {"tag": tag}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1][2] += data


def html(found, **asked):
    return wall_markup.table(found, Asked(**asked), Source.read().ground)


def table(found=None, **asked):
    return Table(html(found or grid(), **asked))


def light(found, unit, code, due):
    lights = [cell[1] for row in found.rows for cell in row if cell[1]]
    return next(
        one for one in lights if (one["data-unit"], one["data-milestone"], one["data-due"]) == (unit, code, due)
    )


def test_a_cell_says_whose_it_is_what_of_by_when_and_how_it_stands(here):
    row = here.row(here.fen, "set-up")
    lead(row, Verb.SIGN_FOR, State.DOING, day(4, 14))

    one = light(table(grid(day(6, 27), day(6, 27))), here.fen.code, "set-up", "2022-06-30")
    assert one == {
        "tag": "a", "class": "light soon", "href": f"/obligations/{row.pk}/", "data-unit": "141123100",
        "data-milestone": "set-up", "data-due": "2022-06-30", "data-light": "soon",
        "title": "蔚汾镇 组建挂牌 6月30日 临期 还有 3 天",
    }  # fmt: skip


@pytest.mark.parametrize("code", ["rules", "always"])
def test_what_has_no_date_has_an_empty_one(here, code):
    unit = "scj" if code == "rules" else "czj"
    assert light(table(), unit, code, "")["data-light"] in {"idle", "overdue"}


def test_a_cell_without_a_row_leads_nowhere_but_can_be_read(here):
    one = light(table(), "scj", "report", "2022-12-21")
    assert (one["tag"], one["role"], "href" in one) == ("span", "img", False)
    assert one["title"].endswith("12月21日 未下达")


def test_a_moved_date_is_the_cells_and_said(here):
    lead(here.row(here.fen, "list"), Verb.EXTEND, State.AWAITING, day(4, 20), due_on=day(7, 15))
    assert light(table(), here.fen.code, "list", "2022-07-15")["title"].endswith("4月30日 待签收，期限改为7月15日")


def test_a_return_is_said_with_the_mending_day(here):
    file(here.row(here.fen, "list"), day(4, 20))
    lead(here.row(here.fen, "list"), Verb.RETURN_FOR_MENDING, State.DOING, day(4, 22), mend_by=day(6, 10))
    one = light(table(), here.fen.code, "list", "2022-04-30")
    assert (one["data-light"], one["title"][-24:]) == ("overdue", "0日 逾期 10 天，退回补正，6月10日前补正"[-24:])


def test_a_roll_up_counts_and_leads_to_its_rows(here):
    close(here.row(here.fen, "set-up"), day(6, 1))
    one = light(table(on=day(6, 10)), "sfj", "set-up", "2022-06-30")
    assert (one["data-rollup"], one["class"]) == ("1/2", "light rollup idle")
    assert one["href"] == "/obligations/?on=2022-06-10&node=set-up.once"


def test_each_line_has_a_cell_or_a_gap_for_every_column_and_ends_in_the_tally(here):
    found = table()
    columns = len(grid().columns)
    lines = [row for row in found.rows if row[0][0].get("scope") == "row"]
    assert {len(row) for row in lines} == {1 + columns + 1}
    fen = next(row for row in lines if row[0][2] == "蔚汾镇")
    assert fen[-1][2] == "0/14"
    heads = found.rows[0]
    assert sum(int(cell[0].get("colspan", 1)) for cell in heads) == columns + 2


def test_the_line_of_the_day_runs_through_every_row(here):
    found, place = table(), grid().today_place
    for row in found.rows[1:]:
        marked = [cell for cell in row if "today" in cell[0].get("class", "").split()]
        assert len(marked) == 1
    assert "today" in found.rows[1][place][0]["class"]
    assert found.rows[1][place][2].startswith("今天6.21")


def test_the_line_of_another_day_names_it(here):
    found = table(grid(day(5, 3)))
    assert found.rows[1][grid(day(5, 3)).today_place][2].startswith("5.3")


def test_after_the_last_date_the_line_stands_behind_all_dated_nodes(here):
    later = day(12, 31).replace(year=2023)
    found = table(grid(later, later))
    assert grid(later, later).today_place == 13
    assert "today" in found.rows[1][13][0]["class"]


def test_months_of_another_year_are_named_with_it(here):
    here.plan.term_ends_on = day(1, 31).replace(year=2023)
    here.plan.save()
    assert [cell[2] for cell in table().rows[0]][-5:] == ["12月", "2023年1月", "未定期限", "持续", "销号"]


def test_what_nobody_confirmed_is_marked_in_the_head(here):
    here.nodes["set-up"].parties.update(confirmed=False)
    heads = [cell[2] for cell in table().rows[1]]
    assert [head for head in heads if "待核实" in head] == ["6.30组建挂牌待核实"]


def test_a_merged_unit_and_an_unconfirmed_one_are_marked_in_their_line(here):
    close(here.row(here.fen, "list"), day(4, 20))
    here.fen.closed_on = day(6, 1)
    here.fen.save()
    here.market.confirmed = False
    here.market.save()
    heads = {row[0][2]: row[0][0].get("class") for row in table().rows if row[0][0].get("scope") == "row"}
    assert heads["蔚汾镇"] == "gone"
    assert heads["县市场局"] == "unsure"
    before = {row[0][2]: row[0][0].get("class") for row in table(grid(day(5, 1))).rows}
    assert before["蔚汾镇"] is None


def test_what_people_wrote_is_escaped(here):
    evil = "<b>\"'&"
    here.fen.short_name = here.nodes["set-up"].title = here.nodes["set-up"].short_title = evil
    here.fen.save()
    here.nodes["set-up"].save()
    written = html(grid())
    assert "<b>\"'" not in written
    assert light(Table(written), here.fen.code, "set-up", "2022-06-30")["title"].startswith(f"{evil} {evil}")


def test_every_cell_can_be_told_without_its_colour(here):
    close(here.row(here.fen, "list"), day(4, 20))
    file(here.row(here.wa, "list"), day(4, 20))
    lead(here.row(here.market, "list"), Verb.EXEMPT, State.EXEMPT, day(4, 20))
    signs = {}
    for row in table(grid(day(6, 28), day(6, 28))).rows:
        for _, one, text in row:
            if one:
                signs.setdefault(one["data-light"], set()).add(text if not one.get("data-rollup") else "n/m")
    assert all(sign and not sign & other for name, sign in signs.items() for other in [
        set().union(*(s for n, s in signs.items() if n != name)) - {"n/m"}
    ])  # fmt: skip


def test_a_kept_table_is_given_again_until_something_changes(here):
    first = wall_kept.shown(Source.read(), Asked(), TODAY, TODAY)
    assert wall_kept.shown(Source.read(), Asked(), TODAY, TODAY) is first
    close(here.row(here.fen, "list"), day(6, 19))
    again = wall_kept.shown(Source.read(), Asked(), TODAY, TODAY)
    assert again is not first
    assert re.search(r'data-unit="141123100"[^>]*data-milestone="list"[^>]*data-light="late-closed"', again.chart)
