"""What may be forgiven: lists in editions, their items and conditions, the legal bases they cite; and cases."""

from exemptions.models.case import CaseMove, CaseOfficer, ExemptionCase
from exemptions.models.case_record import CaseCondition, CaseFile, CorrectionOrder, FirstOffenceCheck
from exemptions.models.condition import Condition
from exemptions.models.document_number import DocumentNumber, NumberSeries
from exemptions.models.edition import Edition, EditionMove
from exemptions.models.exemption_list import ExemptionList
from exemptions.models.item import Item, ItemBasis
from exemptions.models.legal_basis import LegalBasis, Provisions
from exemptions.models.pilot import Pilot, PilotProgress
from exemptions.models.public_entry import PublicEntry

__all__ = [
    "CaseCondition", "CaseFile", "CaseMove", "CaseOfficer", "Condition", "CorrectionOrder", "DocumentNumber", "Edition",
    "EditionMove", "ExemptionCase", "ExemptionList", "FirstOffenceCheck", "Item", "ItemBasis", "LegalBasis",
    "NumberSeries", "Pilot", "PilotProgress", "Provisions", "PublicEntry",
]  # fmt: skip
