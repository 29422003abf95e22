"""Rules about the Python of the portal."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import Rule, Source, of_a_line

LONGEST_FILE = 300
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "services", "common", "managers"}

# Where a lower app must tell a higher one, or a framework tells us; each with its reason.
SIGNALS = {
    "xingxian_portal/celery.py": "Celery tells of its own start and stop in no other way",
    "bench/storm_app.py": "and of the start of a child, which lies in wait for its death",
    "liaisons/announcements.py": "naming a liaison closes a duty, a merged unit's cases move on: both are of apps above",
}
# Who writes a column named `state`, and the name under which the file holds the row. What an obligation is in is
# written by moves alone; openings makes rows and so gives them their first state by the constructor.
STATE_WRITERS = {
    ("xingxian_portal/foundation/workbook/batches.py", "batch"),
    ("reform/moves.py", "obligation"),
    ("reform/issue.py", "plan"),
    ("reform/amendments.py", "Plan"),
    ("reform/deliverables.py", "waiting"),
    ("reform/filing.py", "draft"),
    ("reform/filing.py", "own"),
    ("reform/filing.py", "filing"),
    ("reform/review.py", "filed"),
    ("exemptions/edition_moves.py", "edition"),
    ("reform/laying_down.py", "waiting"),
    ("exemptions/cases/moves.py", "case"),
    ("liaisons/export_runs.py", "runs"),
    ("reform/bulletin/pack.py", "bulletin"),
}

# What the files at an app's root may not import, but for those that guard requests.
OF_REQUESTS = re.compile(r"^django\.(http|shortcuts|views)\b|^(liaisons|reform|exemptions)\.(views|forms)\b")
REQUEST_GUARDS = {
    "liaisons/access.py": "decides who may enter a view",
    "liaisons/sign_in.py": "the session belongs to the request that signs in",
}
PUT_OFF = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
REASONED = re.compile(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\]) *[-—#] *\w")


def names_that_say_nothing(file: Source) -> Iterator[str]:
    """Find modules and packages named for no decision."""
    parts = re.split(r"[/.]", file.path)
    if file.path.endswith(".py"):
        yield from NAMES_THAT_SAY_NOTHING.intersection(parts)


def too_long(file: Source) -> Iterator[int]:
    """Find Python files that nobody reads in one go."""
    lines = file.text.count("\n")
    # Tests of one module may be many; they are read one by one, and cutting them up would only hide where they are.
    counts = file.path.endswith(".py") and "/migrations/" not in file.path and not file.path.startswith("tests/")
    if counts and lines > LONGEST_FILE:
        yield lines


def signals(file: Source) -> Iterator[str]:
    """Find imports of signals outside of the places that may."""
    for module in _imported(file):
        if re.search(r"(\.signals|^django\.dispatch)(\.|$)", module) and file.path not in SIGNALS:
            yield module


def own_clocks(file: Source) -> Iterator[str]:
    """Find moments that come from anywhere but `clock`, which alone knows business time."""
    if not file.is_app_code or file.path == "xingxian_portal/foundation/clock.py":
        return
    for node in file.nodes:
        match node:
            case ast.Attribute(attr="now" | "utcnow" | "today" | "time", value=whose):
                if re.search(r"(^|\.)(datetime|date|timezone|time)$", ast.unparse(whose)):
                    yield ast.unparse(node)
            case ast.Call(func=ast.Attribute(attr="localdate" | "localtime"), args=[]):
                yield ast.unparse(node)
            case ast.keyword(arg="auto_now" | "auto_now_add" as name):
                yield name
            case ast.ImportFrom(module="django.db.models.functions", names=names):
                yield from (name.name for name in names if name.name == "Now")


def second_writers_of_state(file: Source) -> Iterator[str]:
    """Find writes of a state outside of the one file that may, which the audit and the wall of a past day rest on."""
    yield from (where for where, writer in states_written(file) if writer not in STATE_WRITERS)


def states_written(file: Source) -> Iterator[tuple[str, tuple[str, str]]]:
    """Give each statement that writes a state, with its file and the name under which it holds the row."""
    for node in file.nodes if file.is_app_code else []:
        for target in _written_states(node):
            yield ast.unparse(node), (file.path, _root(target))


def _written_states(node: ast.AST) -> Iterator[ast.expr]:
    """Give what a state is written to by assignment, setattr, update or bulk_update."""
    match node:
        case ast.Assign(targets=targets):
            parts = [part for target in targets for part in ast.walk(target)]
            yield from (part.value for part in parts if isinstance(part, ast.Attribute) and part.attr == "state")
        case ast.AnnAssign(target=ast.Attribute(attr="state", value=value)):
            yield value
        case ast.Call(func=ast.Name(id="setattr"), args=[value, ast.Constant(value="state"), *_]):
            yield value
        case ast.Call(func=ast.Attribute(attr="update", value=value), keywords=keywords):
            yield from (value for keyword in keywords if keyword.arg == "state")
        case ast.Call(func=ast.Attribute(attr="bulk_update", value=value)):
            if any(isinstance(part, ast.Constant) and part.value == "state" for part in ast.walk(node)):
                yield value


def _root(node: ast.expr) -> str:
    """Give the name that a chain of attributes and calls begins with."""
    while not isinstance(node, ast.Name):
        match node:
            case ast.Attribute(value=inner) | ast.Call(func=inner) | ast.Subscript(value=inner):
                node = inner
            case _:
                return ""
    return node.id


def jobs_elsewhere(file: Source) -> Iterator[str]:
    """Find Celery tasks outside of jobs.py, where no worker would look for them."""
    if file.is_app_code and file.name != "jobs.py":
        for node in file.nodes:
            for decorator in getattr(node, "decorator_list", []):
                if re.search(r"\bshared_task\b|\bapp\.task\b", ast.unparse(decorator)):
                    yield ast.unparse(decorator)


def imports_of_the_top(file: Source) -> Iterator[str]:
    """Find imports of the assembling package by what it assembles; its foundation alone is for everyone."""
    below = file.is_app_code and not file.path.startswith("xingxian_portal/")
    if below or file.path.startswith("xingxian_portal/foundation/"):
        for module in _imported(file):
            if module.startswith("xingxian_portal") and not module.startswith("xingxian_portal.foundation"):
                yield module


def verbs_that_see_requests(file: Source) -> Iterator[str]:
    """Find verbs and queries that know requests, pages or forms; jobs, commands and tests call them too."""
    at_the_root = re.fullmatch(r"(liaisons|reform|exemptions)/(?!urls|workbooks|admin)\w+\.py", file.path)
    if at_the_root and file.path not in REQUEST_GUARDS:
        yield from (module for module in _imported(file) if OF_REQUESTS.match(module))


def _imported(file: Source) -> Iterator[str]:
    """Give the full name of everything a Python file imports, `from a import b` as a.b."""
    for node in file.nodes:
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{name.name}" for name in names)


def unreasoned_exceptions(file: Source) -> Iterator[str]:
    """Find places that silence a checker without a code or without saying why."""
    for comment in file.comments if "noqa" in file.text or "type: ignore" in file.text else []:
        if re.match(r"# (?:noqa|type: ignore)", comment) and not REASONED.match(comment):
            yield comment


def promises(file: Source) -> Iterator[str]:
    """Find work put off."""
    if PUT_OFF.search(file.text):  # reading the comments of a file takes long
        yield from (comment for comment in file.comments if PUT_OFF.search(comment))
    for node in file.nodes:
        match node:
            case ast.Raise(exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError"))):
                yield ast.unparse(node)
            case ast.Attribute(value=ast.Attribute(attr="mark") | ast.Name(id="pytest" | "unittest")):
                if node.attr.startswith(("skip", "xfail", "importorskip")):
                    yield ast.unparse(node)


def markup(file: Source) -> Iterator[str]:
    """Find style and script inside strings of Python, which the content security policy blocks in every browser."""
    for node in file.nodes if file.is_app_code else []:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"<[^>]*\s(?:style|on\w+)=[\"']|<(?:style|script)\b", node.value)


RULES = [
    Rule(
        "a module is named for what it decides",
        names_that_say_nothing,
        [Source("reform/utils.py"), Source("liaisons/services/people.py"), Source("tests/helpers.py")],
        [Source("reform/lights.py"), Source("reform/common.txt")],
    ),
    Rule(
        f"no Python file is longer than {LONGEST_FILE} lines",
        too_long,
        [Source("reform/wall.py", "\n" * 301)],
        [Source("reform/wall.py", "\n" * 300), Source("reform/migrations/0001_initial.py", "\n" * 900), Source("tests/reform/test_wall.py", "\n" * 900)],
    ),
    Rule(
        "a call, not a signal",
        signals,
        [
            of_a_line("from django.dispatch import receiver"),
            of_a_line("from django.db.models.signals import post_save"),
            of_a_line("import celery.signals"),
            of_a_line("from django.db.models import signals"),
        ],
        [Source("xingxian_portal/celery.py", "from celery import signals"), of_a_line("from reform import issue")],
    ),
    Rule(
        "only clock knows what time it is",
        own_clocks,
        [
            of_a_line("at = timezone.now()"),
            of_a_line("day = dt.date.today()"),
            of_a_line("at = datetime.utcnow(); seconds = time.time()"),
            of_a_line("made_at = models.DateTimeField(default=timezone.now)"),
            of_a_line("made_at = models.DateTimeField(auto_now_add=True)"),
            of_a_line("day = timezone.localdate()"),
            of_a_line("from django.db.models.functions import Now"),
        ],
        [
            of_a_line("at = clock.now(); day = clock.today(); local = timezone.localtime(at)"),
            of_a_line("day = look.today; at = dt.time(8); started = time.monotonic()"),
            of_a_line("now = timezone.now()", "xingxian_portal/foundation/clock.py"),
            of_a_line("now = timezone.now()", "tests/test_clock.py"),
        ],
    ),
    Rule(
        "one file writes a state",
        second_writers_of_state,
        [
            of_a_line("obligation.state = State.CLOSED"),
            of_a_line("a, self.obligation.state = 1, State.CLOSED"),
            of_a_line("obligation.state: str = 'closed'"),
            of_a_line("setattr(obligation, 'state', 'closed')"),
            of_a_line("Obligation.objects.filter(pk=1).update(state='closed')"),
            of_a_line("Obligation.objects.bulk_update(rows, ['state'])"),
            of_a_line("obligation.state = State.CLOSED", "exemptions/editions.py"),
            of_a_line("plan.obligations.first().state = 'closed'", "reform/moves.py"),
            of_a_line("Obligation.objects.update(state='closed')", "reform/issue.py"),
        ],
        [
            of_a_line("obligation.state = to", "reform/moves.py"),
            of_a_line("plan.state = Plan.ISSUED", "reform/issue.py"),
            of_a_line("rows = Obligation.objects.filter(state='closed'); state = obligation.state"),
        ],
    ),
    Rule(
        "jobs stand in jobs.py",
        jobs_elsewhere,
        [of_a_line("@shared_task\ndef open_due(): ..."), of_a_line("@app.task(bind=True)\ndef open_due(): ...")],
        [of_a_line("@shared_task\ndef open_due(): ...", "reform/jobs.py")],
    ),
    Rule(
        "nobody imports what assembles",
        imports_of_the_top,
        [
            of_a_line("from xingxian_portal import celery"),
            of_a_line("import xingxian_portal.settings.base"),
            of_a_line("from xingxian_portal.settings import env", "xingxian_portal/foundation/uploads.py"),
        ],
        [
            of_a_line("from xingxian_portal.foundation import clock"),
            of_a_line("from xingxian_portal.settings import env", "xingxian_portal/celery.py"),
        ],
    ),
    Rule(
        "a verb never sees a request",
        verbs_that_see_requests,
        [
            of_a_line("from django.http import HttpRequest"),
            of_a_line("from django.shortcuts import render"),
            of_a_line("from reform.forms import plan"),
        ],
        [
            of_a_line("from django.http import Http404", "reform/views/wall.py"),
            of_a_line("from django.http import HttpRequest", "liaisons/access.py"),
            of_a_line("from reform.views import wall", "reform/urls.py"),
        ],
    ),
    Rule(
        "who silences a checker says why",
        unreasoned_exceptions,
        [of_a_line("x = 1  # noqa"), of_a_line("x = 1  # noqa: E501"), of_a_line("x = 1  # type: ignore[misc]")],
        [of_a_line("x = 1  # noqa: E501 - a sentence of the plan"), of_a_line("x = 1  # type: ignore[misc] # stubs")],
    ),
    Rule(
        "nothing is put off",
        promises,
        [
            of_a_line("x = 1  # TODO: later"),
            of_a_line("raise NotImplementedError"),
            of_a_line("raise NotImplementedError('later')"),
            of_a_line("@pytest.mark.skipif(True)\ndef test(): ..."),
            of_a_line("pytest.skip('later')"),
        ],
        [of_a_line("# done")],
    ),
    Rule(
        "no style or script in strings",
        markup,
        [of_a_line("cell = '<td style=\"color:red\">'"), of_a_line("cell = '<td onclick=\"x\">'"), of_a_line("x = '<script>'")],
        [of_a_line("cell = '<td class=\"light\">'"), of_a_line("style = 1")],
    ),
]  # fmt: skip
