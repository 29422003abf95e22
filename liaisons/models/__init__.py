"""Who: units, groups, accounts, and what people were told."""

from liaisons.models.authenticator import Authenticator
from liaisons.models.contact import ContactPreference, Suppression
from liaisons.models.delegation import Delegation
from liaisons.models.export_run import ExportRun
from liaisons.models.letter import Attempt, LedgerEntry, Letter, PlannerState
from liaisons.models.notice import Notice
from liaisons.models.officer import Officer
from liaisons.models.person import Appointment, Person
from liaisons.models.session import Session
from liaisons.models.unit import EnforcementField, GroupMember, Unit, UnitAlias, UnitGroup
from liaisons.models.user import FormerPassword, RoleGrant, User

__all__ = [
    "Appointment", "Attempt", "Authenticator", "ContactPreference", "Delegation", "EnforcementField", "ExportRun", "FormerPassword", "GroupMember",
    "LedgerEntry", "Letter", "Notice", "Officer", "Person", "PlannerState", "RoleGrant", "Session", "Suppression", "Unit",
    "UnitAlias", "UnitGroup", "User",
]  # fmt: skip
