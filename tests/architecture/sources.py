"""The project's own files, and what a rule about them looks like."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
APPS = ("xingxian_portal", "liaisons", "reform", "exemptions")


@dataclass(frozen=True)
class Source:
    """One file: its path from the top of the project, and its text."""

    path: str
    text: str = ""

    @property
    def name(self) -> str:
        """Give the last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def is_app_code(self) -> bool:
        """Say whether it is Python that runs in the portal; what migrations once did is settled."""
        return self.path.endswith(".py") and self.path.startswith(APPS) and "/migrations/" not in self.path

    @property
    def is_template(self) -> bool:
        """Say whether Django renders it."""
        return self.path.startswith("templates/") or "/templates/" in self.path

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Give every node of its syntax tree, none if it is not Python."""
        return list(ast.walk(ast.parse(self.text))) if self.path.endswith(".py") else []

    @cached_property
    def comments(self) -> list[str]:
        """Give every comment of a Python file."""
        if not self.path.endswith(".py") or "#" not in self.text:
            return []
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return [token.string for token in tokens if token.type == tokenize.COMMENT]


@dataclass(frozen=True)
class Rule:
    """A sentence about the code, what finds the breaches in a file, and samples that break and keep it."""

    says: str
    breaches: Callable[[Source], Iterable[object]]
    broken_by: list[Source]
    kept_by: list[Source]


def of_a_line(line: str, path: str = "reform/sign_off.py") -> Source:
    """Give a file of one line, for a rule's samples."""
    return Source(path, line)


def _ignored() -> list[str]:
    patterns = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    return [".git", *(pattern.rstrip("/") for pattern in patterns)]


def own_files() -> list[Source]:
    """Read every file of the project that git would take."""
    patterns = _ignored()

    def is_ignored(path: Path) -> bool:
        return any(fnmatch(part, pattern) for part in path.relative_to(ROOT).parts for pattern in patterns)

    found, folders = [], [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if is_ignored(path):
                continue
            if path.is_dir():
                folders.append(path)
            else:
                found.append(Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8", errors="replace")))
    return found
