"""Who: units, groups, accounts, and what people were told."""

from liaisons.models.notice import Notice
from liaisons.models.officer import Officer
from liaisons.models.person import Appointment, Person
from liaisons.models.unit import EnforcementField, GroupMember, Unit, UnitAlias, UnitGroup
from liaisons.models.user import RoleGrant, User

__all__ = [
    "Appointment", "EnforcementField", "GroupMember", "Notice", "Officer", "Person", "RoleGrant", "Unit", "UnitAlias", "UnitGroup", "User",
]  # fmt: skip
