"""Which facts of the project's files this database has been offered already."""

from __future__ import annotations

from django.db import models


class LoadedFact(models.Model):
    """One row of a facts file, known by its model and natural key, that was offered to this database.

    Without this memory a membership or an alias that the county removed would come back at the next start.
    """

    model = models.CharField("数据表", max_length=60)
    key = models.CharField("自然键", max_length=190)

    class Meta:
        verbose_name = "已载入的事实"
        verbose_name_plural = verbose_name
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="fact_offered_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
