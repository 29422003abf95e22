"""The PDF of an issued bulletin, from its kept document; made by a worker, since LibreOffice takes seconds."""

from __future__ import annotations

from reform.bulletin import pack
from reform.models import Bulletin, BulletinFile
from xingxian_portal.foundation import document_pdf


def make(pk: int) -> bool:
    """Make it unless it is there; says whether there is one. Why there is none stands beside the bulletin."""
    bulletin = Bulletin.objects.select_related("issued_by").get(pk=pk)
    if bulletin.files.filter(kind=BulletinFile.PDF).exists():
        return True
    document = bulletin.files.select_related("file").get(kind=BulletinFile.DOCUMENT)
    try:
        pack.add_pdf(bulletin, document_pdf.of(document.file.location.read_bytes()))
    except document_pdf.NoPdf as reason:
        pack.add_pdf(bulletin, None, str(reason))
        return False
    return True


def make_missing() -> int:
    """Make those that a lost queue or worker left out; gives how many there were."""
    without = Bulletin.objects.filter(state=Bulletin.ISSUED, pdf_trouble="").exclude(files__kind=BulletinFile.PDF)
    keys = list(without.values_list("pk", flat=True))
    for pk in keys:
        make(pk)
    return len(keys)
