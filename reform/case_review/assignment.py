"""Who reviews which file: two for each, never one who is barred from it, everybody about as many."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence

SEATS = 2
Given = dict[int, list[int]]  # reviewers by file
Able = Mapping[int, Sequence[int]]


class NobodyLeft(Exception):
    """Some files have too few reviewers who are not barred; `files` are their ids."""

    def __init__(self, files: list[int]) -> None:
        super().__init__(files)
        self.files = files


def assign(files: Sequence[int], reviewers: Sequence[int], barred: Collection[tuple[int, int]], seed: str) -> Given:
    """Give each file its reviewers; `barred` are pairs of reviewer and file. The same seed gives the same.

    Nobody has two files more than another, unless who is barred from what makes it impossible. Raises NobodyLeft.
    """
    able = {file: [one for one in reviewers if (one, file) not in barred] for file in files}
    if lacking := [file for file in files if len(able[file]) < SEATS]:
        raise NobodyLeft(lacking)
    load: Counter[int] = Counter(dict.fromkeys(reviewers, 0))
    given: Given = {}
    for file in sorted(files, key=lambda file: (len(able[file]), _lot(seed, file))):
        given[file] = sorted(able[file], key=lambda one: (load[one], _lot(seed, file, one)))[:SEATS]
        load.update(given[file])
    while _one_less_uneven(given, able, load):
        pass
    return given


def _lot(seed: str, *ids: int) -> str:
    return hashlib.sha256(f"{seed}\n{ids}".encode()).hexdigest()


def _one_less_uneven(given: Given, able: Able, load: Counter[int]) -> bool:
    """Hand files on from somebody with many, from hand to hand, to somebody with two fewer; False if nobody can."""
    for burdened, most in load.most_common():
        if steps := _way_down(burdened, most, given, able, load):
            for file, giver, taker in steps:
                given[file][given[file].index(giver)] = taker
            load[burdened] -= 1
            load[steps[-1][2]] += 1
            return True
    return False


def _way_down(start: int, most: int, given: Given, able: Able, load: Counter[int]) -> list[tuple[int, int, int]]:
    """Give the hand-overs (file, from, to) that lead from `start` to somebody with two files fewer, none if none do."""
    came: dict[int, tuple[int, int, int]] = {}
    waiting = deque([start])
    while waiting:
        giver = waiting.popleft()
        for file, hands in given.items():
            for taker in able[file] if giver in hands else ():
                if taker in hands or taker in came or taker == start:
                    continue
                came[taker] = (file, giver, taker)
                if load[taker] <= most - 2:
                    return _steps(came, start, taker)
                waiting.append(taker)
    return []


def _steps(came: Mapping[int, tuple[int, int, int]], start: int, end: int) -> list[tuple[int, int, int]]:
    steps = []
    while end != start:
        steps.append(came[end])
        end = came[end][1]
    return steps[::-1]
