"""What a password must be besides long: of several kinds of characters, not oneself, not one of the last ones.

The settings list these beside Django's own validators.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from pypinyin import lazy_pinyin

from liaisons.models import Person, User
from xingxian_portal.foundation import phones

CLASSES = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"), re.compile(r"[^A-Za-z0-9]"))
FEWEST_CLASSES = 3
BARRED = 5
SHORTEST_NAME = 2  # a single letter would be found in any password
ENOUGH_DIGITS = 8  # of a telephone number


def in_words() -> str:
    """Give all rules in one sentence, for the form."""
    return (
        f"至少 {settings.PORTAL_PASSWORD_LENGTH} 位，大写字母、小写字母、数字、符号里至少有三类；"
        f"不含用户名、姓名（连同拼音）和电话号码，不能是常见密码，也不能是最近 {BARRED} 次用过的。"
    )


class _Rule:
    """A validator that says its help text by `in_words`."""

    def get_help_text(self) -> str:
        """Give the rules."""
        return in_words()


class ThreeClasses(_Rule):
    """Small letters, capitals, digits, others: three of the four."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for too few kinds."""
        if sum(bool(kind.search(password)) for kind in CLASSES) < FEWEST_CLASSES:
            raise ValidationError("大写字母、小写字母、数字、符号里至少要有三类。")


class NotOneself(_Rule):
    """Nothing that anybody knows about its owner."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when the password holds user name, name or telephone number."""
        if user is None:
            return
        typed = password.casefold()
        names = {user.username.casefold(), user.name.casefold(), "".join(lazy_pinyin(user.name)).casefold()}
        if any(name in typed for name in names if len(name) >= SHORTEST_NAME):
            raise ValidationError("密码里不能有用户名、姓名或姓名的拼音。")
        digits = re.sub(r"\D", "", password)
        if any(number[-ENOUGH_DIGITS:] in digits for number in _numbers(user)):
            raise ValidationError("密码里不能有电话号码。")


def _numbers(user: User) -> list[str]:
    found = []
    for person in Person.objects.filter(user=user) if user.pk else []:
        try:
            found.append(re.sub(r"\D", "", person.phone.full))
        except phones.Unreadable:
            continue  # the key is gone: what nobody can read nobody can compare
    return [number for number in found if len(number) >= ENOUGH_DIGITS]


class NotUsedLately(_Rule):
    """Not the password in use, nor one of those before it."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for one of the last passwords."""
        if user is None or not user.pk:
            return
        used = [user.password, *user.former_passwords.values_list("password", flat=True)[: BARRED - 1]]
        if any(check_password(password, hashed) for hashed in used):
            raise ValidationError(f"最近 {BARRED} 次用过的密码不能再用，请换一个。")
