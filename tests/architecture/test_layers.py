"""The import linter's contracts: kept by the code, and broken by an import that runs upwards."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import APPS, ROOT

CONTRACTS = ROOT / "pyproject.toml"


def lint(folder: Path) -> subprocess.CompletedProcess:
    """Run the import linter over the project in `folder`."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--config", CONTRACTS, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path):
    for app in APPS:
        shutil.copytree(ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__", "static"))
    return tmp_path


def test_imports_run_one_way():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("xingxian_portal/foundation/clock.py", "from reform import lights"),
        ("liaisons/roles.py", "import reform.models"),
        ("reform/lights.py", "import exemptions"),
        ("reform/models/__init__.py", "from reform import urls"),
    ],
)
def test_an_import_that_runs_upwards_is_refused(copy, file, line):
    (copy / "reform/urls.py").touch()
    with (copy / file).open("a") as module:
        module.write(f"\n{line}\n")
    assert "BROKEN" in lint(copy).stdout


def test_every_app_has_its_place_in_the_order():
    layers = tomllib.loads(CONTRACTS.read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
    assert set(layers) == {*APPS, "xingxian_portal.foundation"} - {"xingxian_portal"}
