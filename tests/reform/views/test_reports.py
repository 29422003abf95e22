"""The month's form: saved right or wrong, by hand or by the script, filed once, another's not there."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from liaisons import roles
from reform import drafts, filing, reports, review
from reform.models import Evidence, Obligation, ReportLine
from reform.report_lines import LineInput
from reform.states import State
from tests.cast import PASSWORD, account, client_of
from tests.factories import ObligationFactory, TaskFactory, UnitFactory, moment
from tests.files import EXE, pdf
from tests.reform.filings import hand_in_report, report_of
from xingxian_portal.foundation import clock

AT = moment(dt.date(2022, 6, 20), 14, 2)
LONG = "长" * 10_000


@pytest.fixture(autouse=True)
def _held(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    clock.start_demo(AT)


@pytest.fixture(autouse=True)
def _database(db):
    """Every page reads the database."""


@pytest.fixture
def june(cast) -> Obligation:
    return report_of(cast.weifen.unit, tasks=2)


@pytest.fixture
def town(cast):
    return client_of(cast.weifen)


def keys(report: Obligation) -> list[str]:
    rows = Obligation.objects.filter(series=report.series, unit=report.unit).exclude(pk=report.pk)
    return [row.milestone.task.code for row in rows.order_by("pk")]


def at(name: str, report: Obligation) -> str:
    return reverse(name, args=[report.pk])


def typed(report: Obligation, *texts: str, **more) -> dict:
    words = {f"text-{key}": text for key, text in zip(keys(report), texts, strict=False)}
    return words | {"seen": drafts.mark(report)} | more


def autosave(client, report: Obligation, data: dict):
    return client.post(at("report_draft", report), data, headers={"accept": "application/json"})


def now(report: Obligation) -> Obligation:
    return Obligation.objects.get(pk=report.pk)


def lines(report: Obligation) -> list[tuple[str, bool]]:
    rows = ReportLine.objects.filter(report__submission__obligation=report).order_by(
        "report__submission__number", "position"
    )
    return list(rows.values_list("text", "unchanged"))


# looking


def test_looking_at_the_form_writes_nothing(town, june):
    page = town.get(at("report", june))
    assert page.status_code == 200
    assert not june.submissions.exists()
    assert "no-store" in page["Cache-Control"]


def test_each_line_shows_sentence_last_month_and_what_may_be_closed(town, cast, june):
    may = ObligationFactory(
        milestone=june.milestone, unit=june.unit, state=State.DOING, occurrence="2022-05", due_on=dt.date(2022, 5, 21)
    )
    hand_in_report(may, cast.weifen, dt.date(2022, 5, 18), "完成选址。")
    page = town.get(at("report", june)).content.decode()
    task = TaskFactory._meta.model.objects.get(code=keys(june)[0])
    assert task.quote in page
    assert page.count("完成选址。") == 2
    assert page.count('name="closes-') == 2


@pytest.mark.parametrize("tasks", [1, 12])
def test_the_form_takes_the_same_queries_with_one_line_and_with_many(town, cast, django_assert_num_queries, tasks):
    june = report_of(cast.weifen.unit, tasks)
    hand_in_report(june, cast.weifen)
    review.send_back(june, by=cast.sfj, reason="补充", mend_by=dt.date(2022, 6, 24), at=AT)
    reports.draft_of(june, by=cast.weifen, at=AT)
    town.get("/")
    with django_assert_num_queries(20):
        town.get(at("report", june))


@pytest.mark.parametrize("months", [1, 12])
def test_the_list_of_months_takes_the_same_queries_at_any_length(town, cast, django_assert_num_queries, months):
    june = report_of(cast.weifen.unit, 1)
    for month in range(1, months):
        ObligationFactory(
            milestone=june.milestone, unit=june.unit, occurrence=f"2021-{month:02}", due_on=dt.date(2021, month, 21)
        )
    with django_assert_num_queries(8):
        page = town.get(reverse("reports"))
    assert page.content.decode().count("<tr>") == months + 1


# saving


def test_saving_by_hand_keeps_everything_and_goes_back_to_the_workbench(town, june):
    answer = town.post(at("report_draft", june), typed(june, "写了一半", LONG, next="/"))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert lines(june) == [("写了一半", False), (LONG, False)]


def test_the_script_gets_the_new_mark_and_the_time(town, june):
    answer = autosave(town, june, typed(june, "写了一半"))
    assert (answer.status_code, answer.json()) == (200, {"mark": "1.1", "saved": "14:02"})


@pytest.mark.parametrize("minutes", [31, 13 * 60])
def test_what_was_saved_is_there_after_an_idle_log_out(cast, june, minutes):
    client, password = Client(), {"username": "weifen", "password": PASSWORD}
    with time_machine.travel(clock.real_now(), tick=False) as moment:
        client.post("/login/", password)
        autosave(client, june, typed(june, "写了一半"))
        moment.shift(minutes * 60)
        late = autosave(client, june, typed(june, "写了一半，接着写"))  # the browser keeps it: see the journey
        assert late["Location"].startswith("/login/")
        page = client.post("/login/", password | {"next": at("report", june)}, follow=True).content.decode()
    assert "写了一半</textarea>" in page


def test_the_script_of_a_stale_page_is_told_and_nothing_is_overwritten(town, june):
    old = typed(june, "乙写的")
    autosave(town, june, typed(june, "甲写的"))
    answer = autosave(town, june, old)
    assert answer.status_code == 409
    assert "被别人改过" in answer.json()["message"]
    assert lines(june)[0] == ("甲写的", False)


def test_a_stale_page_sent_by_hand_comes_back_with_both_texts(town, june):
    old = typed(june, "乙写的")
    autosave(town, june, typed(june, "甲写的"))
    for address in ("report_draft", "report_file"):
        page = town.post(at(address, june), old).content.decode()
        assert "被别人改过" in page
        assert "乙写的</textarea>" in page
        assert "<b>另一处保存的内容</b>　甲写的" in page
    assert (now(june).state, lines(june)[0]) == (State.DOING, ("甲写的", False))


def test_saving_once_more_takes_what_was_typed(town, june):
    autosave(town, june, typed(june, "甲写的"))
    town.post(at("report_draft", june), typed(june, "乙写的"))
    assert lines(june)[0] == ("乙写的", False)


def test_all_unchanged_without_a_script_leaves_what_was_written(town, june):
    town.post(at("report_draft", june), typed(june, "有进展", "", all="1"))
    assert lines(june) == [("有进展", False), ("", True)]


def test_an_ended_session_sends_the_script_to_the_log_in_page(client, june):
    answer = autosave(client, june, typed(june, "写了一半"))
    assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={at('report_draft', june)}")


@pytest.mark.parametrize("name", ["report_draft", "report_file"])
def test_after_logging_in_again_one_comes_back_to_the_form(town, june, name):
    assert town.get(at(name, june))["Location"] == at("report", june)


# files


def test_files_are_kept_before_anything_else_is_judged(town, june):
    page = town.post(at("report_file", june), typed(june, "", files=[pdf("一.pdf"), pdf("二.pdf", "2")]))
    assert "还没有填写" in page.content.decode()
    assert [one.file.original_name for one in Evidence.objects.order_by("pk")] == ["一.pdf", "二.pdf"]


def test_a_program_named_pdf_is_refused_beside_its_field_and_the_words_stay(town, june):
    bad = pdf("通知.pdf")
    bad.file.seek(0)
    bad.file.write(EXE)
    for _ in range(2):
        bad.file.seek(0)
        page = town.post(at("report_file", june), typed(june, "写好了", "也写好了", files=[bad])).content.decode()
        assert 'id="files-error">《通知.pdf》不是可以接收的类型' in page
    assert (now(june).state, Evidence.objects.count()) == (State.DOING, 0)
    assert lines(june)[0] == ("写好了", False)


def test_removing_a_file_saves_the_words_too(town, june):
    town.post(at("report_draft", june), typed(june, "", files=[pdf()]))
    town.post(at("report_draft", june), typed(june, "写到一半", remove=str(Evidence.objects.get().file_id)))
    assert (Evidence.objects.count(), lines(june)[0]) == (0, ("写到一半", False))


# filing


def test_filing_says_when_and_that_it_was_in_time(town, june):
    page = town.post(at("report_file", june), typed(june, "有进展", "有进展", next="/"), follow=True)
    assert "已于 6月20日 14:02 按时报送，等司法局审核" in page.content.decode()
    assert now(june).state == State.REVIEW


def test_a_second_click_says_so_and_files_nothing_again(town, june):
    sent = typed(june, "有进展", "有进展")
    town.post(at("report_file", june), sent)
    for _ in range(2):
        page = town.post(at("report_file", june), sent, follow=True).content.decode()
        assert "已于 6月20日 14:02报送，正在等司法局审核，没有重复报送" in page
    assert june.submissions.count() == 1


def test_a_replay_after_a_return_files_nothing(town, cast, june):
    sent = typed(june, "有进展", "有进展")
    town.post(at("report_file", june), sent)
    review.send_back(june, by=cast.sfj, reason="补充", mend_by=dt.date(2022, 6, 24), at=AT)
    town.post(at("report_file", june), sent)
    assert now(june).state == State.DOING


def test_everything_wrong_stands_beside_its_field(town, june):
    first, second = keys(june)
    page = town.post(at("report_file", june), typed(june, "", LONG)).content.decode()
    assert f'id="error-{first}">' in page
    assert f'id="error-{second}">“' in page
    assert "有 2 处需要修改" in page
    assert LONG in page


def test_the_21st_is_in_time_and_the_next_second_is_not(town, june):
    clock.start_demo(clock.day_end(dt.date(2022, 6, 21)) - dt.timedelta(seconds=20))
    town.post(at("report_file", june), typed(june, "有进展", "有进展"))
    assert now(june).first_filed_on == dt.date(2022, 6, 21)
    filing.withdraw(june, by=june.submissions.get().filed_by)
    clock.start_demo(clock.day_end(dt.date(2022, 6, 21)))
    page = town.post(at("report_file", june), typed(june, "有进展", "有进展"), follow=True).content.decode()
    assert "逾期报送" in page
    assert now(june).first_filed_on == dt.date(2022, 6, 22)


def test_a_zero_report_is_filed_from_the_form(town, june):
    zero = {"is_zero": "1", "zero_reason": "全员抗疫", "zero_confirmed": "1"}
    town.post(at("report_file", june), typed(june, "", "") | zero)
    assert june.submissions.get().report.is_zero


def test_ticks_close_what_they_name(town, june):
    duty = Obligation.objects.filter(milestone__task__code=keys(june)[0]).get()
    sent = typed(june, "挂牌了", "有进展") | {f"closes-{keys(june)[0]}": [str(duty.pk), "x", "９", "9" * 40]}
    town.post(at("report_file", june), sent)
    assert now(duty).state == State.REVIEW


def test_a_null_character_and_foreign_line_ends_do_no_harm(town, june):
    town.post(at("report_draft", june), typed(june, "一\x00行\r\n二行\r三行"))
    assert lines(june)[0] == ("一行\n二行\n三行", False)


def test_whatever_is_sent_is_no_error_of_ours(town, june):
    for data in ({}, {"seen": "x"}, {"seen": "1.0", "text-": "x", "text-nowhere": "y", "remove": "-1"}):
        assert town.post(at("report_file", june), data).status_code == 200
        assert autosave(town, june, data).status_code in {200, 409}


# the summary of a lead


def test_a_summary_is_taken_anew_without_losing_the_rest(cast, june):
    task = Obligation.objects.filter(milestone__task__code=keys(june)[0]).get().milestone.task
    task.parties.create(role="lead", unit=cast.scj.unit, position=1)
    led = ObligationFactory(
        milestone=june.milestone, unit=cast.scj.unit, state=State.DOING, occurrence="2022-06", due_on=june.due_on
    )
    client, key = client_of(cast.scj), f"{task.code}.summary"
    client.post(at("report_draft", led), {f"text-{key}": "旧的小结", "seen": "1.0"})
    hand_in_report(june, cast.weifen)
    page = client.get(at("report", led)).content.decode()
    assert "各单位本月所报 1 条" in page
    client.post(at("report_draft", led), {f"text-{key}": "旧的小结", "seen": drafts.mark(led), "refill": key})
    assert lines(led) == [("蔚汾镇：本月有进展。", False)]


# after filing


def test_a_filed_report_is_read_with_its_versions(town, cast, june):
    hand_in_report(june, cast.weifen, text="第一稿。")
    review.send_back(june, by=cast.sfj, reason="补充", mend_by=dt.date(2022, 6, 24), at=AT)
    key = keys(june)[0]
    reports.save_draft(june, by=cast.weifen, lines={key: LineInput("第二稿。")}, at=AT)
    reports.file(june, by=cast.weifen, at=AT)
    page = town.get(at("report", june)).content.decode()
    assert "第 2 次报送" in page
    assert "第一稿。" in page
    assert "第二稿。" in page
    assert "撤回修改" in page
    assert "第二稿。" not in town.get(at("report", june) + "?version=1").content.decode()
    for odd in ("?version=9", "?version=x", "?version=٣"):
        assert town.get(at("report", june) + odd).status_code == 200


def test_the_leader_and_the_bureau_read_what_was_filed_and_no_draft(cast, june):
    reports.save_draft(june, by=cast.weifen, lines={keys(june)[0]: LineInput("只是草稿")}, at=AT)
    for reader in (cast.weifenld, cast.sfj):
        assert "只是草稿" not in client_of(reader).get(at("report", june)).content.decode()
    reports.save_draft(june, by=cast.weifen, lines={key: LineInput("报了的") for key in keys(june)}, at=AT)
    reports.file(june, by=cast.weifen, at=AT)
    for reader in (cast.weifenld, cast.sfj):
        assert "报了的" in client_of(reader).get(at("report", june)).content.decode()


# rights


@pytest.mark.parametrize("who", ["scj", "lingdao", "admin", "anquan", "audit", "pingcha"])
def test_another_units_month_is_not_there(cast, june, who):
    client = client_of(getattr(cast, who))
    for name in ("report", "report_draft", "report_file"):
        assert client.get(at(name, june)).status_code == 404
        assert client.post(at(name, june), typed(june, "改掉")).status_code in {404, 405}
    assert not june.submissions.exists()


def test_somebody_of_two_units_switches_between_them(cast, june):
    other = UnitFactory(township=True, short_name="另镇")
    person = account("liang", "两头跑", cast.weifen.unit, roles.LIAISON)
    person.role_grants.create(role=roles.LIAISON.slug, unit=other, granted_at=AT)
    client = client_of(person)
    assert f'<option value="{other.code}">另镇</option>' in client.get(reverse("reports")).content.decode()
    assert "还没有要报的月份" in client.get(reverse("reports"), {"unit": other.code}).content.decode()
    assert client.get(reverse("reports"), {"unit": cast.scj.unit.code}).status_code == 404


def test_no_answer_is_json_unless_asked(town, june):
    with pytest.raises(json.JSONDecodeError):
        json.loads(town.post(at("report_draft", june), typed(june, "x"), follow=True).content)
