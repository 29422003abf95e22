"""How a long title is broken into lines: about equally long, at a place where a word ends."""

from __future__ import annotations

import math
import re

LONGEST = 19  # characters of 2号 on a line of 156 mm, with some room at both ends
REACH = 4  # how far from the even place a break may lie
# Better the further up: after what leads on to the next words, before or after what stands for itself.
BREAKS = (r"(?<=[的、，》）])(?!的)|(?=《)", r"(?=关于|推进|情况|工作|方案|通报|通知|意见|名单|汇总)", r"(?<=[局府会])")
JOINED = re.compile(r"(?<=\d)(?=\d|年|月|日|号)|(?<=年)(?=\d)|(?<=月)(?=\d|份)|(?=[、，》）的])")


def balanced(title: str) -> list[str]:
    """Give the title's lines."""
    count = math.ceil(len(title) / LONGEST)
    lines: list[str] = []
    while count > 1:
        place = _place(title, round(len(title) / count))
        lines.append(title[:place])
        title, count = title[place:], count - 1
    return [*lines, title]


def _place(title: str, even: int) -> int:
    near = [place for place in range(even - REACH, even + REACH + 1) if 0 < place < len(title)]
    free = set(near) - {found.start() for found in JOINED.finditer(title)}
    for kind in BREAKS:
        fitting = {found.start() for found in re.finditer(kind, title)} & free
        if fitting:
            return min(fitting, key=lambda place: abs(place - even))
    return min(free or near, key=lambda place: abs(place - even))
