"""Sealed columns: what lies in the database, which keys open it, how it is found again."""

import stat

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from xingxian_portal.foundation import emails, phones, sealed
from xingxian_portal.foundation.phones import Phone
from xingxian_portal.foundation.refusal import Refused

NUMBER = "13800001234"


@pytest.fixture
def table(db):
    """Give a table with one sealed column, gone with the test's transaction."""
    with isolate_apps("xingxian_portal.foundation"):

        class Contact(models.Model):
            phone = sealed.PhoneField(null=True)
            phone_digest = sealed.PhoneDigestField(of="phone")

            class Meta:
                app_label = "foundation"
                db_table = "sealed_contact"

            def __str__(self):
                return "contact"

        key = "integer PRIMARY KEY" if connection.vendor == "sqlite" else "bigserial PRIMARY KEY"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE sealed_contact (id {key}, phone text, phone_digest varchar(32) NOT NULL)")
        yield Contact


def lying(row):
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM sealed_contact WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


def test_the_database_never_holds_the_number(table):
    row = table.objects.create(phone="138 0000 1234")
    assert row.phone == Phone.of(NUMBER)
    assert NUMBER not in lying(row)
    assert table.objects.get(pk=row.pk).phone.full == NUMBER


def test_the_same_number_is_sealed_differently_each_time_and_found_by_its_digest(table):
    rows = [table.objects.create(phone=NUMBER), table.objects.create(phone=NUMBER)]
    table.objects.create(phone="13800005678")
    assert lying(rows[0]) != lying(rows[1])
    assert list(table.objects.filter(phone_digest=sealed.search_key("+86 138-0000-1234")).order_by("pk")) == rows


def test_many_rows_made_at_once_get_their_digests(table):
    table.objects.bulk_create([table(phone=NUMBER), table(phone=None), table(phone="")])
    assert [bool(row.phone_digest) for row in table.objects.order_by("pk")] == [True, False, False]
    assert [bool(row.phone) for row in table.objects.order_by("pk")] == [True, False, False]


def test_saving_an_untouched_number_keeps_its_seal(table):
    row = table.objects.create(phone=NUMBER)
    before = lying(row)
    table.objects.get(pk=row.pk).save()
    assert lying(row) == before


@pytest.mark.parametrize("lookup", ["phone", "phone__contains", "phone__in"])
def test_filtering_by_the_sealed_column_is_refused_instead_of_finding_nothing(table, lookup):
    with pytest.raises(FieldError, match="search_key"):
        table.objects.filter(**{lookup: [NUMBER] if lookup.endswith("in") else NUMBER})
    table.objects.create(phone=None)
    assert table.objects.filter(phone__isnull=True).count() == 1


def test_numbers_are_not_dumped_in_the_clear(table):
    with pytest.raises(FieldError, match="备份"):
        serializers.serialize("json", [table.objects.create(phone=NUMBER)])


def test_an_old_key_still_opens_and_the_newest_seals(table, settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.PHONE_KEYS = [old]
    row = table.objects.create(phone=NUMBER)
    settings.PHONE_KEYS = [new, old]
    assert table.objects.get(pk=row.pk).phone.full == NUMBER
    assert not sealed.is_sealed_with_newest(lying(row))
    assert sealed.is_sealed_with_newest(sealed.seal(NUMBER))


def test_a_lost_key_shows_a_page_without_the_number_and_says_why(table, settings):
    row = table.objects.create(phone=NUMBER)
    settings.PHONE_KEYS = [Fernet.generate_key().decode()]
    found = table.objects.get(pk=row.pk).phone
    assert str(found) == "（无法读取）"
    with pytest.raises(phones.Unreadable, match="PORTAL_PHONE_KEYS"):
        _ = found.full


@pytest.mark.parametrize(("module", "kind"), [(phones, Phone), (emails, emails.Email)])
def test_what_was_kept_with_a_lost_key_is_asked_for_anew(settings, module, kind):
    token = sealed.seal("li@example.com")
    settings.PHONE_KEYS = [Fernet.generate_key().decode()]
    kept = kind(lambda: sealed.open_sealed(token), token)
    with pytest.raises(Refused, match="无法读取，请"):
        module.typed(kept.masked, kept)


def test_without_keys_in_the_environment_one_is_drawn_that_only_the_owner_can_read(settings, tmp_path):
    settings.PHONE_KEYS, settings.PHONE_KEYS_FILE = [], tmp_path / "phone_keys"
    token = sealed.seal(NUMBER)
    assert stat.S_IMODE(settings.PHONE_KEYS_FILE.stat().st_mode) == 0o600
    assert sealed.open_sealed(token) == NUMBER
    assert token.encode() not in settings.PHONE_KEYS_FILE.read_bytes()
