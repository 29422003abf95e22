"""The fixed cast: one account for each role, in two townships' worth of units, the bureau and the county.

Every member logs in with `PASSWORD`. The names are those of the demo, so that a test reads like the manual:
`cast.weifen` files, `cast.sfj` reviews, `cast.sfjld` decides.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import pytest
from django.test import Client
from django.utils import timezone

from liaisons import roles
from liaisons.models import RoleGrant, Unit, User

PASSWORD = "Cast-of-xingxian-2022"
# A fast hash made once: hashing nine passwords for each test would cost more than the tests.
_hashed: dict[str, str] = {}


@dataclass(frozen=True)
class Cast:
    """Who plays; a field for each person, named by the user name."""

    sfj: User  # 司法局工作人员
    sfjld: User  # 局领导
    admin: User  # 系统管理员
    anquan: User  # 安全管理员
    audit: User  # 审计员
    weifen: User  # 蔚汾镇, 联络员
    weifenld: User  # 蔚汾镇, 分管领导
    scj: User  # 县市场局, 联络员
    lingdao: User  # 县领导
    pingcha: User  # 评查员, of 县市场局

    def __iter__(self):
        return (getattr(self, field.name) for field in fields(self))


def unit(code: str, name: str, short_name: str, kind: str) -> Unit:
    """Give the unit with this code, made when the facts are not loaded."""
    made = {"name": name, "short_name": short_name, "kind": kind}
    return Unit.objects.get_or_create(code=code, defaults=made)[0]


def township() -> Unit:
    """Give 蔚汾镇."""
    return unit("141123100", "蔚汾镇人民政府", "蔚汾镇", Unit.TOWNSHIP)


def department() -> Unit:
    """Give 县市场局."""
    return unit("scj", "县市场监督管理局", "县市场局", Unit.DEPARTMENT)


def bureau() -> Unit:
    """Give 县司法局."""
    return unit("sfj", "县司法局", "县司法局", Unit.BUREAU)


def account(username: str, name: str, of: Unit | None, role: roles.Role | None) -> User:
    """Give a new account that can log in with `PASSWORD`, with one role."""
    user = _person(username, name, of)
    user.save()
    if role:
        _grant(user, role).save()
    return user


def _person(username: str, name: str, of: Unit | None) -> User:
    user = User(username=username, name=name, unit=of)
    if not _hashed:
        user.set_password(PASSWORD)
        _hashed["password"] = user.password
    user.password = _hashed["password"]
    return user


def _grant(user: User, role: roles.Role) -> RoleGrant:
    own = user.unit if role.permissions & roles.OWN_UNIT else None
    return RoleGrant(user=user, role=role.slug, unit=own, granted_at=timezone.now())


def gather() -> Cast:
    """Make the whole cast, in as few questions as can be: most tests ask for it; gives it."""
    town, market, justice = township(), department(), bureau()
    parts = [
        (_person("sfj", "司法科员", justice), roles.OFFICER),
        (_person("sfjld", "司法局长", justice), roles.BUREAU_LEADER),
        (_person("admin", "系统管理", justice), roles.SYSTEM_ADMIN),
        (_person("anquan", "安全管理", justice), roles.SECURITY_ADMIN),
        (_person("audit", "审计人员", justice), roles.AUDITOR),
        (_person("weifen", "蔚汾联络", town), roles.LIAISON),
        (_person("weifenld", "蔚汾分管", town), roles.UNIT_LEADER),
        (_person("scj", "市场联络", market), roles.LIAISON),
        (_person("lingdao", "县里领导", None), roles.COUNTY_LEADER),
        (_person("pingcha", "评查人员", market), roles.REVIEWER),
    ]
    people = User.objects.bulk_create([user for user, _ in parts])
    RoleGrant.objects.bulk_create([_grant(user, role) for user, role in parts])
    return Cast(**{user.username: user for user in people})


@pytest.fixture
def cast(db) -> Cast:
    """Give the cast, freshly made."""
    return gather()


def client_of(user: User | None) -> Client:
    """Give a client logged in as `user`, or an anonymous one."""
    client = Client()
    if user:
        client.force_login(user)
    return client
