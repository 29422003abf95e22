"""The reader of PDFs finds itself wherever the portal was started from."""

from pathlib import Path

import pytest

from tests import files
from xingxian_portal.foundation import pdf_text


def test_a_pdf_is_read_also_when_the_portal_was_started_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    lines, fault = pdf_text.read(files.text_pdf("Notice 2022"))

    assert fault == ""
    assert lines == ["Notice 2022"]
