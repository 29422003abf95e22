"""The text of a PDF, read by a process of its own: a hostile file can neither hold up the portal nor take its memory.

    python -m xingxian_portal.foundation.pdf_text < file.pdf

prints one JSON object: `lines`, and `fault` (why the file cannot be taken, "" when it can). It needs no Django.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent.parent
SECONDS = 20
MEMORY = 1024 * 1024 * 1024
MOST_PAGES, MOST_CHARACTERS = 2000, 4_000_000
TOO_LONG = "内容过于复杂，无法在限定时间内检查"
BROKEN = "已损坏或格式不完整，无法检查内容"
ENCRYPTED = "设有打开密码，无法检查内容，请去掉密码"
ACTIVE = "含有脚本或可以执行的动作"
ATTACHED = "内嵌了别的文件，请单独上传"


def read(content: bytes) -> tuple[list[str], str]:
    """Give the lines of a PDF and why it cannot be taken ("" when it can); at most 20 seconds."""
    command = [sys.executable, "-m", "xingxian_portal.foundation.pdf_text"]
    try:
        # From the project's folder, or `-m` finds nothing when the portal was started from elsewhere.
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False, cwd=PROJECT)
    except subprocess.TimeoutExpired:
        return [], TOO_LONG
    if done.returncode:
        return [], TOO_LONG if done.returncode < 0 else BROKEN  # below 0 the limits ended it
    said = json.loads(done.stdout)
    return said["lines"], said["fault"]


def _main() -> None:
    _limit()
    try:
        lines, fault = _examine(sys.stdin.buffer.read())
    except MemoryError:
        lines, fault = [], TOO_LONG
    except Exception:  # whatever a broken file makes the reader stumble over
        lines, fault = [], BROKEN
    sys.stdout.write(json.dumps({"lines": lines, "fault": fault}))


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows knows no such limits; the time-out above holds there too
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _examine(content: bytes) -> tuple[list[str], str]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        return [], ENCRYPTED
    root = reader.trailer["/Root"].get_object()
    if fault := _active(root):
        return [], fault
    if len(reader.pages) > MOST_PAGES:
        return [], TOO_LONG
    return _lines(reader), ""


def _active(root: Any) -> str:
    names = _of(root, "/Names")
    if "/JavaScript" in names or _of(_of(root, "/OpenAction"), "/S") in ("/JavaScript", "/Launch"):
        return ACTIVE
    return ATTACHED if "/EmbeddedFiles" in names else ""


def _of(holder: Any, key: str) -> Any:
    found = holder.get(key, {}) if hasattr(holder, "get") else {}
    return found.get_object() if hasattr(found, "get_object") else found


def _lines(reader: Any) -> list[str]:
    lines: list[str] = []
    left = MOST_CHARACTERS
    for page in reader.pages:
        text = page.extract_text()[:left]
        left -= len(text)
        lines += text.splitlines()
    return lines


if __name__ == "__main__":
    _main()
