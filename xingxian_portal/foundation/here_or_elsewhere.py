"""What stands for one file, wherever it lies: stored here, or kept by its unit because it is too large."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xingxian_portal.foundation.kept_elsewhere import KeptElsewhere
from xingxian_portal.foundation.uploads import StoredFile

# The condition of a constraint that each table names for itself.
ONE_OF_BOTH = Q(file__isnull=False, elsewhere__isnull=True) | Q(file__isnull=True, elsewhere__isnull=False)


class HereOrElsewhere(models.Model):
    """The part of a table that names a file; its table adds a constraint with `ONE_OF_BOTH`."""

    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="文件")
    elsewhere = models.ForeignKey(
        KeptElsewhere, models.PROTECT, null=True, related_name="+", verbose_name="留存本单位的文件"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.kept)

    @property
    def kept(self) -> StoredFile | KeptElsewhere:
        """Give what it is, wherever it lies: both have a name, a size and a digest."""
        kept = self.file or self.elsewhere
        assert kept  # a constraint of the table
        return kept
