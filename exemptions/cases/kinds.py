"""The three kinds of forgiving that 行政处罚法 第三十三条 knows, and what each asks for where no list says more."""

from __future__ import annotations

from django.db import models


class Decision(models.TextChoices):
    """How a case ends."""

    NO_PENALTY = "no_penalty", "不予行政处罚"
    NO_FINE = "no_fine", "不予罚款（其他处罚照常）"
    LIGHTER = "lighter", "从轻处罚"
    MITIGATED = "mitigated", "减轻处罚"
    TRANSFER = "transfer", "转处罚"


class Publicity(models.TextChoices):
    """Whether a decision is shown to the public (行政处罚法第四十八条: those with some effect on society)."""

    OPEN = "", "未登记"
    SHOWN = "shown", "已公示"
    WITHHELD = "withheld", "不公示"
    REVOKED = "revoked", "已撤下"


FORGIVING = frozenset({Decision.NO_PENALTY, Decision.NO_FINE})
