"""`rotate_phone_keys`: every number is sealed anew, none is lost, and the old key is kept until it is told to go."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from liaisons.models import ContactPreference, Person
from tests.cast import Cast
from xingxian_portal.foundation import sealed
from xingxian_portal.foundation.audit import AuditEntry

NUMBER, OTHER, MAIL = "13800000001", "13800000002", "a@example.cn"


@pytest.fixture
def people(cast: Cast, settings, tmp_path) -> list[Person]:
    """Give two people with numbers, somebody with a mailbox, sealed with a key that lies in the data folder."""
    settings.PHONE_KEYS, settings.PHONE_KEYS_FILE = [], tmp_path / "phone_keys"
    ContactPreference.objects.create(user=cast.weifen, email=MAIL, digest_time=dt.time(9))
    return [Person.objects.create(name="甲", phone=NUMBER), Person.objects.create(name="乙", phone=OTHER)]


def lying(person: Person) -> str:
    """Give the number as it lies in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM liaisons_person WHERE id = %s", [person.pk])
        return cursor.fetchone()[0]


def numbers() -> list[str]:
    return [person.phone.full for person in Person.objects.order_by("pk")]


def test_every_number_is_sealed_with_a_new_key_and_reads_as_before(people, settings, capsys):
    old, before = sealed.keys()[0], lying(people[0])
    call_command("rotate_phone_keys")
    keys = sealed.keys()
    assert [key == old for key in keys] == [False, True]  # kept for older backups
    assert (lying(people[0]) != before, sealed.is_sealed_with_newest(lying(people[0]))) == (True, True)
    assert (numbers(), ContactPreference.objects.get().email.full) == ([NUMBER, OTHER], MAIL)
    assert "旧密钥仍保留" in capsys.readouterr().out

    call_command("rotate_phone_keys", "--forget-old")
    assert (len(sealed.keys()), numbers()) == (1, [NUMBER, OTHER])
    assert [entry.after for entry in AuditEntry.objects.filter(action="phone_keys.rotate")] == [{"numbers": 3}] * 2


def test_the_first_key_of_the_environment_takes_over_from_the_second(people, settings, capsys):
    old, new = sealed.keys()[0], Fernet.generate_key().decode()
    settings.PHONE_KEYS = [new, old]
    call_command("rotate_phone_keys")
    settings.PHONE_KEYS = [new]
    assert numbers() == [NUMBER, OTHER]
    assert "PORTAL_PHONE_KEYS 里其余的旧密钥" in capsys.readouterr().out


def test_a_number_that_no_key_opens_stops_it_in_words_and_keeps_what_is_there(people, settings):
    before = lying(people[0])
    settings.PHONE_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="补上后再运行一次"):
        call_command("rotate_phone_keys")
    assert lying(people[0]) == before
