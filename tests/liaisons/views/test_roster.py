from __future__ import annotations

import datetime as dt

import pytest
from cryptography.fernet import Fernet

from liaisons import appointments
from liaisons.models import Appointment, Person, RoleGrant, Unit
from tests.cast import client_of
from tests.factories import UnitFactory, moment
from tests.xingxian_portal.foundation.workbook.reading import values
from xingxian_portal.foundation import clock, sealed
from xingxian_portal.foundation.audit import AuditEntry

AT = moment(dt.date(2022, 4, 14))


def staff(unit: Unit, cast, post: str = "liaison", name: str = "刘样例", phone: str = "138 0000 0001") -> Appointment:
    return appointments.appoint(unit, post, name=name, phone=phone, by=cast.sfj, at=AT)


@pytest.mark.parametrize("more", [0, 15])
def test_the_roster_costs_the_same_however_long(cast, more, django_assert_num_queries):
    for _ in range(more):
        staff(UnitFactory(township=True), cast)
    client = client_of(cast.sfj)

    with django_assert_num_queries(4 + 2):  # the frame, the units, their posts
        page = client.get("/roster/").content.decode()
    assert page.count('<th scope="row">') == 2 + more
    assert page.count("138****0001") == more


@pytest.mark.parametrize("more", [0, 15])
def test_a_unit_s_page_costs_the_same_however_long_its_history(cast, more, django_assert_num_queries):
    for number in range(more):
        staff(cast.weifen.unit, cast, "filer", f"填报{number}")
        appointments.end(staff(cast.weifen.unit, cast, name=f"前任{number}"), by=cast.sfj, at=AT)
    client = client_of(cast.weifen)

    with django_assert_num_queries(4 + 4):  # the frame, the unit, its line, its posts, its history
        page = client.get(f"/roster/{cast.weifen.unit_id}/").content.decode()
    assert page.count("前任") == more


def test_the_columns_are_those_of_the_annex(cast):
    page = client_of(cast.sfj).get("/roster/").content.decode()
    heads = [page.find(f'<th scope="col">{word}</th>') for word in ("单位名称", "分管领导", "联系方式", "联络员")]

    assert -1 not in heads
    assert heads == sorted(heads)
    assert page.count("未确定") == 4
    assert "2 个还没有报全" in page


def test_units_stand_in_official_order(cast):
    late, early = UnitFactory(short_name="后局", position=900), UnitFactory(short_name="先局", position=1)
    page = client_of(cast.sfj).get("/roster/").content.decode()

    assert page.index(early.name) < page.index(late.name)


def test_a_unit_sees_its_own_line_alone(cast):
    staff(cast.scj.unit, cast, name="市场的人")
    client = client_of(cast.weifen)

    assert "市场的人" not in client.get("/roster/").content.decode()
    assert client.get(f"/roster/{cast.scj.unit_id}/").status_code == 404
    post = Appointment.objects.get()
    for address in (
        f"/roster/{cast.scj.unit_id}/appoint/",
        f"/roster/{cast.scj.unit_id}/confirm/",
        f"/roster/posts/{post.pk}/edit/",
        f"/roster/posts/{post.pk}/end/",
    ):
        assert client.post(address, {"name": "x", "phone": "138 0000 0009"}).status_code == 404
    assert Appointment.objects.get().until_on is None


def test_without_units_the_page_says_so(cast):
    Unit.objects.update(closed_on=AT.date())

    assert "还没有单位" in client_of(cast.sfj).get("/roster/").content.decode()


def test_full_numbers_are_shown_once_and_the_look_is_recorded(cast):
    staff(cast.weifen.unit, cast)
    staff(cast.scj.unit, cast, phone="138 0000 0002")

    answer = client_of(cast.sfj).post("/roster/phones/")
    page = answer.content.decode()
    assert "13800000001" in page
    assert "13800000002" in page
    assert "no-store" in answer["Cache-Control"]
    entry = AuditEntry.objects.get(action="phones.see")
    assert (entry.actor_id, entry.after["units"], sorted(entry.after["people"])) == (
        cast.sfj.pk,
        2,
        sorted(Person.objects.values_list("pk", flat=True)),
    )


def test_a_unit_is_shown_its_own_numbers_alone(cast):
    staff(cast.weifen.unit, cast)
    staff(cast.scj.unit, cast, phone="138 0000 0002")
    page = client_of(cast.weifen).post("/roster/phones/").content.decode()

    assert "13800000001" in page
    assert "13800000002" not in page
    assert AuditEntry.objects.get(action="phones.see").unit_code == "141123100"


def test_the_administrator_keeps_contacts_and_sees_no_number(cast):
    post = staff(cast.weifen.unit, cast)
    client = client_of(cast.admin)

    assert client.post("/roster/phones/").status_code == 404
    for address in ("/roster/", f"/roster/{cast.weifen.unit_id}/", f"/roster/posts/{post.pk}/edit/"):
        assert "13800000001" not in client.get(address).content.decode()


def test_the_administrator_sees_no_number_either_as_a_liaison_besides(cast):
    RoleGrant.objects.create(user=cast.admin, role="liaison", unit=cast.weifen.unit, granted_at=AT)
    staff(cast.scj.unit, cast)
    client = client_of(cast.admin)

    assert client.post("/roster/phones/").status_code == 404
    taken = client.post("/exports/roster/", {"in_full": "1"})
    assert "138****0001" in str(values(b"".join(taken.streaming_content)))


def test_a_number_whose_key_is_gone_is_said_to_be_unreadable_and_can_be_entered_anew(cast, settings):
    post = staff(cast.weifen.unit, cast)
    settings.PHONE_KEYS = (Fernet.generate_key().decode(),)
    client, edit = client_of(cast.sfj), f"/roster/posts/{post.pk}/edit/"

    assert "（无法读取）" in client.post("/roster/phones/").content.decode()
    page = client.post(edit, {"name": "刘改名", "phone": "（无法读取）"}).content.decode()
    assert "登记的号码无法读取，请填写完整号码。" in page
    assert "刘改名" in page
    client.post(edit, {"name": "刘改名", "phone": "138-0000-0004"})
    assert Person.objects.get().phone.full == "13800000004"
    entry = AuditEntry.objects.get(action="post.amend")
    assert entry.before["phone"] == sealed.search_key("138 0000 0001")
    assert entry.after["phone"] == sealed.search_key("138 0000 0004")


def test_a_contact_is_entered_and_corrected(cast):
    client, unit = client_of(cast.weifen), cast.weifen.unit
    sent = {"post": "leader", "name": "王样例", "phone": "138-0000-0003", "user": ""}
    page = client.post(f"/roster/{unit.pk}/appoint/", sent, follow=True).content.decode()
    assert "已登记" in page
    assert "138****0003" in page

    post = Appointment.objects.get()
    page = client.post(
        f"/roster/posts/{post.pk}/edit/", {"name": "王改名", "phone": "138****0003"}, follow=True
    ).content.decode()
    assert "王改名" in page
    assert Person.objects.get().phone.full == "13800000003"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phone": "13800"}, "电话号码格式不对"),
        ({"name": ""}, "请填写姓名"),
        ({"name": "长" * 31}, "最多 30 个字"),
        ({"post": "mayor"}, "请在列表里选择岗位"),
        ({"user": "999999"}, "请在列表里选择本单位的账号"),
        ({"post": "liaison"}, "现在是刘样例"),
        ({"phone": "138\x000000000"}, "有无法识别的字符"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast, wrong, said):
    staff(cast.weifen.unit, cast)
    sent = {"post": "leader", "name": "王样例", "phone": "138 0000 0003", "user": ""} | wrong
    page = client_of(cast.weifen).post(f"/roster/{cast.weifen.unit_id}/appoint/", sent).content.decode()

    assert said in page
    assert "name" in wrong or 'value="王样例"' in page
    assert Appointment.objects.count() == 1


def test_once_a_quarter_one_tap_says_that_all_is_right(cast):
    staff(cast.weifen.unit, cast)
    client, address = client_of(cast.weifen), f"/roster/{cast.weifen.unit_id}/"
    clock.start_demo(moment(dt.date(2022, 6, 30)))
    assert "都对" not in client.get(address).content.decode()
    clock.start_demo(moment(dt.date(2022, 7, 1)))
    assert "都对" in client.get(address).content.decode()
    assert "待核对" in client.get("/roster/").content.decode()
    assert "已核对" in client.post(f"{address}confirm/", follow=True).content.decode()
    assert "都对" not in client.get(address).content.decode()


def test_who_left_stands_in_the_history(cast):
    post, client = staff(cast.weifen.unit, cast), client_of(cast.weifen)

    page = client.post(f"/roster/posts/{post.pk}/end/", follow=True).content.decode()
    assert "已办理离任" in page
    assert "历任" in page
    assert "由别人办理了离任" in client.post(f"/roster/posts/{post.pk}/end/", follow=True).content.decode()
