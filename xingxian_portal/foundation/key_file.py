"""Keys that a machine draws for itself and keeps in a file which only the portal's own account can read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def drawn_once(path: Path, drawn: str) -> str:
    """Give the text kept at `path`, or keep and give `drawn`; raises OSError.

    Of several processes starting together exactly one wins, and none can read a file that is there but still empty.
    """
    if not path.exists():
        beside = _written_beside(path, drawn)
        try:
            os.link(beside, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(beside)
    return path.read_text().strip()


def replace(path: Path, text: str) -> None:
    """Put `text` in the place of what the file holds, at once: a reader sees the old or the new; raises OSError."""
    os.replace(_written_beside(path, text), path)


def _written_beside(path: Path, text: str) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
