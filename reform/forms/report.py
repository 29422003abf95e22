"""A monthly report's form as it was sent, right or wrong; which lines there are is the report's to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from reform.forms.typed import ids, ticked, words
from reform.report_lines import LineInput, Zero

LINE = "text-"  # each line that was on the page sends its text, be it empty


@dataclass(frozen=True)
class Typed:
    """Everything that was typed: lines by key, the 零报告, and the mark of the draft that the page showed."""

    lines: Mapping[str, LineInput]
    zero: Zero
    seen: str | None

    def rest_unchanged(self) -> Typed:
        """Give the same with 本月无变化 on every line that says nothing yet."""
        lines = {key: line if line.text.strip() else replace(line, unchanged=True) for key, line in self.lines.items()}
        return replace(self, lines=lines)

    def with_text(self, key: str, text: str) -> Typed:
        """Give the same with another text on one of its lines."""
        return replace(self, lines={**self.lines, key: replace(self.lines[key], text=text)})


def read(post: QueryDict) -> Typed:
    """Read the form; raises nothing, whatever was sent."""
    keys = [name.removeprefix(LINE) for name in post if name.startswith(LINE)]
    zero = Zero(ticked(post, "is_zero"), words(post, "zero_reason"), ticked(post, "zero_confirmed"))
    return Typed({key: _line(post, key) for key in keys}, zero, post.get("seen") or None)


def _line(post: QueryDict, key: str) -> LineInput:
    return LineInput(
        text=words(post, f"{LINE}{key}"),
        unchanged=ticked(post, f"unchanged-{key}"),
        problem=words(post, f"problem-{key}"),
        closes=ids(post.getlist(f"closes-{key}")),
    )
