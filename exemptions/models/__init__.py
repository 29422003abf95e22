"""What may be forgiven: lists in editions, their items and conditions, the legal bases they cite."""

from exemptions.models.condition import Condition
from exemptions.models.edition import Edition, EditionMove
from exemptions.models.exemption_list import ExemptionList
from exemptions.models.item import Item
from exemptions.models.legal_basis import LegalBasis

__all__ = ["Condition", "Edition", "EditionMove", "ExemptionList", "Item", "LegalBasis"]
