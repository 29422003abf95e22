"""Table of contents of the foundation's tables; each lives beside the rule that uses it."""

from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.clock import ClockAnchor
from xingxian_portal.foundation.loaded_facts import LoadedFact
from xingxian_portal.foundation.pulse import Pulse
from xingxian_portal.foundation.uploads import StoredFile
from xingxian_portal.foundation.workdays import CalendarDay, CalendarYear

__all__ = ["AuditEntry", "CalendarDay", "CalendarYear", "ClockAnchor", "LoadedFact", "Pulse", "StoredFile"]
