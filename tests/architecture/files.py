"""Rules about every file of the project: where it lies, and what must never stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.architecture.sources import Rule, Source

TOP = {
    ".ci", ".editorconfig", ".gitignore", "CHANGELOG.md", "README.md", "bench", "deploy", "exemptions", "fixtures", "liaisons",
    "manage.py", "pyproject.toml", "reform", "requirements-dev.txt", "requirements.txt", "templates", "tests", "xingxian_portal",
}  # fmt: skip
# Only invented numbers, 138 0000 0000 to 9999, may stand in a file; digests and codes are longer or hold letters.
MOBILE = re.compile(r"(?<![0-9A-Za-z])(?!138[ -]?0000)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![0-9A-Za-z])")
MAILBOX = re.compile(r"[\w.]+@(?:qq|163|126|sina|foxmail|139|189)\.(?:com|cn)", re.I)
REGISTRY = re.compile(
    r"(?:--?(?:extra-)?index-url|--find[-]links|python[h]osted|\bpypi\.|registry\.npm|/simp[l]e/)", re.I
)
PLACE_OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|root)/\w+|\b[A-Z]:\\Users\\")


def strays(file: Source) -> Iterator[str]:
    """Find files that stand where nobody looks for them."""
    top = file.path.split("/")[0]
    if top not in TOP:
        yield top


def personal_data(file: Source) -> Iterator[str]:
    """Find what may be a living person's telephone number or mailbox."""
    yield from MOBILE.findall(file.text)
    yield from MAILBOX.findall(file.text)


def addresses(file: Source) -> Iterator[str]:
    """Find registries, and folders that only one machine has; in lists of packages, any address at all."""
    yield from REGISTRY.findall(file.text)
    yield from PLACE_OF_ONE_MACHINE.findall(file.text)
    if file.path.startswith("requirements") or file.path == "pyproject.toml":
        yield from re.findall(r"https?://\S+", file.text)


def borrowed_databases(file: Source) -> Iterator[str]:
    """Find measurements with a folder of their own that leave it to the environment which database they fill and empty."""
    if file.path.startswith("bench/") and '"PORTAL_DATA_DIR": ' in file.text and "DATABASE_URL" not in file.text:
        yield file.path


def _text(*parts: str) -> Source:
    # In parts, or the rule would find its own samples.
    return Source("fixtures/units.json", "".join(parts))


RULES = [
    Rule("the top level is fixed", strays, [Source("notes.txt"), Source("docs/a.md")], [Source("README.md")]),
    Rule(
        "no file holds a living person's number or mailbox",
        personal_data,
        [_text("电话139", "12345678。"), _text("139-", "1234-5678"), _text("123456", "@qq.com")],
        [_text("138 0000 0000"), _text("13800001234"), _text("1", "3912345678a"), _text("141123100000"), _text("a@example.com")],
    ),
    Rule(
        "a measurement never meets the database that the environment names",
        borrowed_databases,
        [Source("bench/a.py", 'os.environ |= {"PORTAL_DATA_DIR": folder}')],
        [Source("bench/a.py", '{"PORTAL_DATA_DIR": folder, "DATABASE_URL": ""}'), Source("bench/b.py", "print()")],
    ),
    Rule(
        "no file names a registry or a folder of one machine",
        addresses,
        [
            _text("--index", "-url x"),
            _text("files.python", "hosted.org"),
            _text("cd /ho", "me/li/portal"),
            Source("requirements.txt", "a @ https" "://example.org/a.whl"),
        ],
        [_text("https://www.example.org/"), Source("requirements.txt", "django==5.2.1")],
    ),
]  # fmt: skip
