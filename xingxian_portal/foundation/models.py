"""Table of contents of the foundation's tables; each lives beside the rule that uses it."""

from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.audit_seals import AuditCheckpoint, AuditSeal
from xingxian_portal.foundation.audit_verification import AuditCheck
from xingxian_portal.foundation.clock import ClockAnchor
from xingxian_portal.foundation.kept_elsewhere import KeptElsewhere
from xingxian_portal.foundation.loaded_facts import LoadedFact
from xingxian_portal.foundation.pulse import Pulse
from xingxian_portal.foundation.uploads import StoredFile
from xingxian_portal.foundation.workbook.imports import ImportBatch, ImportIssue, ImportRow
from xingxian_portal.foundation.workdays import CalendarDay, CalendarYear

__all__ = [
    "AuditCheck", "AuditCheckpoint", "AuditEntry", "AuditSeal", "CalendarDay", "CalendarYear", "ClockAnchor", "ImportBatch",
    "ImportIssue", "ImportRow", "KeptElsewhere", "LoadedFact", "Pulse", "StoredFile",
]  # fmt: skip
