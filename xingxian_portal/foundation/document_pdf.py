"""A document as PDF, by LibreOffice where it is installed; missing fonts are replaced by the free ones named for them.

Each call has a profile of its own, so that two at once do not wait for each other, and reaches nothing outside.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from xingxian_portal.foundation.document_fonts import INSTEAD

SECONDS = 90
_SUBSTITUTION = "/org.openoffice.Office.Common/Font/Substitution"
_NAMESPACES = 'xmlns:oor="http://openoffice.org/2001/registry"'


class NoPdf(Exception):
    """There is no PDF; the message says why in the user's words."""


def is_possible() -> bool:
    """Say whether LibreOffice is installed."""
    return _program() is not None


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def of(document: bytes, ending: str = "docx") -> bytes:
    """Give the document as PDF; raises NoPdf."""
    program = _program()
    if program is None:
        raise NoPdf("服务器上没有安装 LibreOffice，请用 WPS 打开文档后另存为 PDF。")
    with tempfile.TemporaryDirectory(prefix="portal-pdf-") as folder:
        place = Path(folder)
        source = place / f"document.{ending}"
        source.write_bytes(document)
        profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(place), str(source)]
        try:
            _lay_profile(place / "profile" / "user")
            _run(command, place)
            return source.with_suffix(".pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise NoPdf("LibreOffice 没有转换成功，请用 WPS 打开文档后另存为 PDF。") from error


def _run(command: list[str], place: Path) -> None:
    """Run the program and what it starts, a session of their own: LibreOffice's works in a child, which must end with it."""
    nothing = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=place, start_new_session=True, stdin=nothing, stdout=nothing, stderr=nothing
    ) as running:
        try:
            code = running.wait(timeout=SECONDS)
        except BaseException:
            os.killpg(running.pid, signal.SIGKILL)
            raise
    if code:
        raise subprocess.CalledProcessError(code, command)


def _lay_profile(folder: Path) -> None:
    """Tell LibreOffice which font stands in for one that is missing."""
    installed = _families()
    pairs = {name: _first(instead, installed) for name, instead in INSTEAD.items() if name not in installed}
    items = "".join(_pair(number, name, instead) for number, (name, instead) in enumerate(pairs.items()) if instead)
    on = (
        f'<item oor:path="{_SUBSTITUTION}"><prop oor:name="Replacement" oor:op="fuse"><value>true</value></prop></item>'
    )
    folder.mkdir(parents=True)
    (folder / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items {_NAMESPACES}>{on}{items}</oor:items>', encoding="utf-8"
    )


def _families() -> set[str]:
    program = shutil.which("fc-list")
    if program is None:
        return set()
    listed = subprocess.run([program, ":", "family"], capture_output=True, text=True, timeout=20, check=False).stdout
    return {name.strip() for line in listed.splitlines() for name in line.split(",")}


def _first(instead: str, installed: set[str]) -> str:
    return next((name for name in instead.split(";") if name in installed), "")


def _pair(number: int, name: str, instead: str) -> str:
    values = {"Always": "true", "OnScreenOnly": "false", "ReplaceFont": escape(name), "SubstituteFont": escape(instead)}
    props = "".join(
        f'<prop oor:name="{key}" oor:op="fuse"><value>{value}</value></prop>' for key, value in values.items()
    )
    return (
        f'<item oor:path="{_SUBSTITUTION}/FontPairs"><node oor:name="_{number}" oor:op="replace">{props}</node></item>'
    )
