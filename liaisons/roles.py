"""The roles of the portal on one page: who they are and what they may (DESIGN: "Who").

A role is granted to a user for one unit. Rights marked "own unit" hold for that unit only; all others hold
for the county. The portal shows this same table to its users.
"""

from __future__ import annotations

from dataclasses import dataclass

from liaisons.permissions import Permission as P


@dataclass(frozen=True)
class Role:
    """One role: its stored slug, its name, what it is and what it may."""

    slug: str
    name: str
    who: str
    permissions: frozenset[P]


def _role(slug: str, name: str, who: str, *permissions: P) -> Role:
    return Role(slug, name, who, frozenset(permissions))


_OFFICER = (
    P.VIEW_WALL, P.READ_ANY_TEXT, P.READ_ANY_FILING, P.EDIT_PLANS, P.REVIEW, P.URGE, P.FILE, P.READ_OWN,
    P.KEEP_ANY_CONTACTS, P.SEE_PHONES, P.RECORD_LISTS, P.ORGANISE_REVIEWS, P.EXPORT_ANY,
)  # fmt: skip

SYSTEM_ADMIN = _role(
    "system_admin", "系统管理员", "管账号、单位、群组、日历和设置，不做业务审批",
    P.VIEW_WALL, P.MANAGE_UNITS, P.MANAGE_ACCOUNTS, P.MANAGE_CALENDAR, P.KEEP_ANY_CONTACTS, P.EXPORT_ANY,
)  # fmt: skip
SECURITY_ADMIN = _role("security_admin", "安全管理员", "授予和收回角色", P.VIEW_WALL, P.GRANT_ROLES)
AUDITOR = _role("auditor", "审计员", "查阅和校验审计记录，别的都不做", P.READ_AUDIT)
OFFICER = _role("officer", "司法局工作人员", "方案、审核、催办、代录、评查、备案、通报", *_OFFICER)
BUREAU_LEADER = _role(
    "bureau_leader", "局领导", "工作人员的各项权限，并决定延期、免报、中止、撤销", *_OFFICER, P.DECIDE
)
LIAISON = _role(
    "liaison",
    "联络员",
    "本单位：签收、起草、报送、联络",
    P.VIEW_WALL,
    P.FILE,
    P.READ_OWN,
    P.KEEP_CONTACTS,
    P.ORGANISE_OWN_REVIEWS,
)
FILER = _role("filer", "填报员", "本单位：签收、起草、报送", P.VIEW_WALL, P.FILE, P.READ_OWN)
UNIT_LEADER = _role("unit_leader", "分管领导", "本单位：查阅，需要时会签", P.VIEW_WALL, P.READ_OWN, P.COSIGN)
REVIEWER = _role("reviewer", "评查员", "只看分配给自己的案卷，不评本单位", P.VIEW_WALL, P.SCORE_CASES)
COUNTY_LEADER = _role("county_leader", "县领导", "看挂图、通报和汇总", P.VIEW_WALL, P.READ_ANY_TEXT, P.EXPORT_ANY)

ALL: tuple[Role, ...] = (
    SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR, OFFICER, BUREAU_LEADER, LIAISON, FILER, UNIT_LEADER, REVIEWER, COUNTY_LEADER,
)  # fmt: skip
BY_SLUG = {role.slug: role for role in ALL}
CHOICES = [(role.slug, role.name) for role in ALL]
# No account may hold two of these (GB/T 22239-2019, 管理权限分离); the database holds it too.
ADMINISTRATORS = (SYSTEM_ADMIN.slug, SECURITY_ADMIN.slug, AUDITOR.slug)
OWN_UNIT = frozenset({P.FILE, P.READ_OWN, P.COSIGN, P.KEEP_CONTACTS, P.ORGANISE_OWN_REVIEWS})
