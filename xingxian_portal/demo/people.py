"""The demo's invented people: the printed accounts, a contact in every other unit and reviewers who cannot log in."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from liaisons import roles
from liaisons.models import RoleGrant, Unit, User
from xingxian_portal.foundation import clock

# user name, name, unit code, role
PRINTED = [
    ("sfj", "郝文静", "sfj", roles.OFFICER),
    ("sfjld", "康建业", "sfj", roles.BUREAU_LEADER),
    ("admin", "白志远", "sfj", roles.SYSTEM_ADMIN),
    ("anquan", "尹海霞", "sfj", roles.SECURITY_ADMIN),
    ("audit", "薛国栋", "sfj", roles.AUDITOR),
    ("weifen", "刘晓燕", "141123100", roles.LIAISON),
    ("scj", "王志强", "scj", roles.LIAISON),
    ("lingdao", "高志明", None, roles.COUNTY_LEADER),
    ("pingcha", "任学文", "scj", roles.REVIEWER),
]
# The other 评查员: user name, name, unit code.
REVIEWERS = [
    ("pc-jtj", "段志宏", "jtj"), ("pc-sthjj", "冀晓玲", "sthjj"), ("pc-weifen", "田永刚", "141123100"),
    ("pc-nyncj", "霍秀珍", "nyncj"), ("pc-yjj", "靳海平", "yjj"),
]  # fmt: skip
_FAMILY = "张李王赵白高康贾任温尹郭薛武牛孙吕梁樊冯"
_GIVEN = [
    "丽娟",
    "海龙",
    "秀英",
    "建军",
    "晓峰",
    "瑞芳",
    "永胜",
    "俊杰",
    "慧敏",
    "志刚",
    "雪梅",
    "国强",
    "艳红",
    "文斌",
    "素珍",
    "宏伟",
]


@dataclass(frozen=True)
class Leader:
    """Somebody who is 分管领导 of a unit and has no account."""

    name: str
    phone: str


@dataclass
class People:
    """Everybody in the story: officers, who files for each unit and who leads it (by unit code)."""

    officer: User
    leader: User
    contacts: dict[str, User] = field(default_factory=dict)
    leaders: dict[str, Leader] = field(default_factory=dict)
    reviewers: list[User] = field(default_factory=list)


def phone_of(number: int) -> str:
    """Give an invented number."""
    return f"138 0000 {number % 1000:04}"


def _account(username: str, name: str, unit: Unit | None, role: roles.Role) -> User:
    user = User.objects.create_user(username, None, name=name, unit=unit)
    RoleGrant.objects.create(user=user, role=role.slug, unit=unit, granted_at=clock.now())
    return user


def arrive(rng: random.Random) -> People:
    """Make every account of the demo; gives the people of the story. Nobody has a password yet."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    printed = {
        username: _account(username, name, units[code] if code else None, role)
        for username, name, code, role in PRINTED
    }
    people = People(printed["sfj"], printed["sfjld"], {"sfj": printed["sfj"]})
    people.contacts |= {"141123100": printed["weifen"], "scj": printed["scj"]}
    others = [_account(username, name, units[code], roles.REVIEWER) for username, name, code in REVIEWERS]
    people.reviewers = [printed["pingcha"], *others]
    for code, unit in units.items():
        name = rng.choice(_FAMILY) + rng.choice(_GIVEN)
        if code not in people.contacts:
            people.contacts[code] = _account(f"llr-{code}", name, unit, roles.LIAISON)
    # Dice of their own: who leads a unit must not change what it did.
    dice = random.Random(415)  # noqa: S311 - invented names, no secret
    for number, code in enumerate(sorted(units), 500):
        people.leaders[code] = Leader(dice.choice(_FAMILY) + dice.choice(_GIVEN), phone_of(number))
    return people
