"""A document as PDF: where LibreOffice does not answer, nothing of it is left running."""

import os
from pathlib import Path

import pytest

from tests.running_portal import eventually
from xingxian_portal.foundation import document_pdf


def alive(pid: int) -> bool:
    """Say whether a process runs; one that has ended and waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_conversion_that_hangs_is_given_up_with_all_that_it_started(monkeypatch, tmp_path):
    program, noted = tmp_path / "soffice", tmp_path / "pid"
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! >{noted}\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(document_pdf, "SECONDS", 0.3)
    with pytest.raises(document_pdf.NoPdf, match="没有转换成功"):
        document_pdf.of(b"")
    eventually(lambda: not alive(int(noted.read_text())))
