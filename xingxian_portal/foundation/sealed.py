"""Columns that lie encrypted in the database: telephone numbers, and the digest by which one is found again.

    phone = PhoneField("联系方式", blank=True)
    phone_digest = PhoneDigestField(of="phone")

    Person.objects.filter(phone_digest=sealed.search_key("138 0000 0000"))

The keys come from `PORTAL_PHONE_KEYS`, newest first, else from a file in the data folder. The newest seals, all
open. `manage.py rotate_phone_keys` draws a new one and seals every number again.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from xingxian_portal.foundation import key_file, phones
from xingxian_portal.foundation.emails import Email
from xingxian_portal.foundation.keyed_digest import LENGTH, digest
from xingxian_portal.foundation.phones import Phone


def keys() -> tuple[str, ...]:
    """Give the keys, newest first: the environment's, else the file's as it is now, so that a rotation needs no restart."""
    if settings.PHONE_KEYS:
        return tuple(settings.PHONE_KEYS)
    file = settings.PHONE_KEYS_FILE
    if not file.exists():
        key_file.drawn_once(file, Fernet.generate_key().decode())
    return _read(str(file), file.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: str, _changed_at: int) -> tuple[str, ...]:
    with open(path) as file:
        return tuple(file.read().split())


@lru_cache(maxsize=4)
def _box(held: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in held])


def seal(number: str) -> str:
    """Give `number` encrypted with the newest key; each time another text, "" of nothing."""
    return _box(keys()).encrypt(number.encode()).decode() if number else ""


def open_sealed(token: str) -> str:
    """Give the number that `token` seals. Raises phones.Unreadable when no known key opens it."""
    try:
        return _box(keys()).decrypt(token.encode()).decode() if token else ""
    except InvalidToken as error:
        raise phones.Unreadable("电话号码的密钥不在了：请在 PORTAL_PHONE_KEYS 里补上当时的密钥。") from error


def is_sealed_with_newest(token: str) -> bool:
    """Say whether the newest key alone opens `token`."""
    try:
        _box(keys()[:1]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def search_key(number: str) -> str:
    """Give what a column `PhoneDigestField` holds for this number, however it is written."""
    return digest(phones.normal(number))


class _PhoneAttribute(DeferredAttribute):
    """Turns a text that is set on a row into a `Phone` at once, so that it cannot be shown in full by accident."""

    field: PhoneField

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.kind.of(value) if isinstance(value, str) else value


if TYPE_CHECKING:
    # What may be set on a row, and what is read from it.
    _Text = models.TextField[Phone | str | None, Phone]
else:
    _Text = models.TextField


class PhoneField(_Text):
    """A telephone number, sealed in the database and a `phones.Phone` in Python; it cannot be filtered by."""

    descriptor_class = _PhoneAttribute
    kind: type[Phone] = Phone

    def from_db_value(self, value: str | None, *_: Any) -> Phone | None:
        """Give what the database holds, opened only when its digits are asked for."""
        return None if value is None else self.kind(lambda: open_sealed(value), value)

    def to_python(self, value: Any) -> Phone | None:
        """Give what a form or a fixture holds as a number."""
        return self.kind.of(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        """Give what the database keeps; a number that was not touched keeps its seal."""
        number = self.to_python(value)
        return None if number is None else number.sealed or seal(number.full)

    def value_to_string(self, obj: models.Model) -> str:
        """Refuse to be dumped: a dump would hold every number in the clear."""
        raise FieldError("电话号码不导出为明文数据；请用备份。")

    def get_lookup(self, lookup_name: str) -> Any:
        """Give `isnull` alone: the same number is sealed differently each time, so a filter would find nothing."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError("加密的号码不能直接查找：请用它的摘要列和 sealed.search_key()。")


class EmailField(PhoneField):
    """An e-mail address, kept as a number is; its digest column is a `PhoneDigestField` too."""

    kind = Email


class PhoneDigestField(models.CharField):
    """The digest of the `PhoneField` named `of`, written with it on every save; a queryset's update must set both."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"max_length": LENGTH, "blank": True, "editable": False, "db_index": True} | kwargs)

    def deconstruct(self) -> Any:
        """Describe the field for a migration."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Give the digest of the number that is being saved."""
        number = getattr(model_instance, self.of)
        value = number.digest if number else ""
        setattr(model_instance, self.attname, value)
        return value


def phone_fields() -> list[tuple[type[models.Model], PhoneField]]:
    """Give every sealed column of the portal, with its table."""
    from django.apps import apps  # late: the tables are known only when all apps are loaded

    tables = apps.get_models(include_auto_created=True)
    return [(table, field) for table in tables for field in table._meta.local_fields if isinstance(field, PhoneField)]
