"""Who: units, groups, accounts, and what people were told."""

from liaisons.models.contact import ContactPreference, Suppression
from liaisons.models.letter import Attempt, LedgerEntry, Letter, PlannerState
from liaisons.models.notice import Notice
from liaisons.models.officer import Officer
from liaisons.models.person import Appointment, Person
from liaisons.models.unit import EnforcementField, GroupMember, Unit, UnitAlias, UnitGroup
from liaisons.models.user import RoleGrant, User

__all__ = [
    "Appointment", "Attempt", "ContactPreference", "EnforcementField", "GroupMember", "LedgerEntry", "Letter", "Notice",
    "Officer", "Person", "PlannerState", "RoleGrant", "Suppression", "Unit", "UnitAlias", "UnitGroup", "User",
]  # fmt: skip
