"""The house keeps its own rules."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import BASE_DIR


def lint_imports_with(line: str, file: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """import-linter over a copy of the packages in which one file imports one thing more."""
    for package in ("apps", "config", "foodmood"):
        for source in (BASE_DIR / package).rglob("*.py"):
            copy = tmp_path / source.relative_to(BASE_DIR)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    with (tmp_path / file).open("a", encoding="utf-8") as changed:
        changed.write(f"\n{line}\n")
    return subprocess.run(  # noqa: S603 -- our own tool
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_import_rules_hold_as_things_are(tmp_path: Path) -> None:
    done = lint_imports_with("", "foodmood/days.py", tmp_path)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("import apps.meals.models", "foodmood/days.py"),
        ("import django", "apps/insights/engine/windows.py"),
        ("import apps.meals.models", "apps/insights/engine/windows.py"),
        ("import apps.insights.engine", "apps/portability/actions.py"),
        ("import config.env", "apps/accounts/models.py"),
    ],
)
def test_an_import_that_points_up_or_out_is_refused(line: str, file: str, tmp_path: Path) -> None:
    assert lint_imports_with(line, file, tmp_path).returncode != 0


def test_the_engine_imports_numpy_scipy_special_and_the_standard_library_only() -> None:
    imported = set()
    for file in (BASE_DIR / "apps" / "insights" / "engine").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported |= {f"{node.module}.{alias.name}" for alias in node.names}
    foreign = {name for name in imported if name.partition(".")[0] not in sys.stdlib_module_names | {"numpy"}}
    assert all(name.startswith(("apps.insights.engine", "scipy.special")) for name in foreign), foreign


def test_every_dependency_says_what_it_is_for() -> None:
    named = {
        re.split(r"[\[~=<> ]", line)[0].lower()
        for name in ("base", "prod", "dev")
        for line in (BASE_DIR / "requirements" / f"{name}.in").read_text().splitlines()
        if line and not line.startswith(("#", "-r"))
    }
    page = (BASE_DIR / "docs" / "dependencies.md").read_text(encoding="utf-8")
    described = {name.lower() for name in re.findall(r"^\| ([\w-]+) \|", page, re.MULTILINE)} - {"package"}
    assert described == named


def test_every_link_between_our_pages_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(BASE_DIR)}: {target}"
        for page in [*BASE_DIR.glob("*.md"), *(BASE_DIR / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not broken


def test_every_pinned_package_has_a_hash() -> None:
    for name in ("prod", "dev"):
        pins = (BASE_DIR / "requirements" / f"{name}.txt").read_text().replace("\\\n", "").splitlines()
        assert [line for line in pins if "==" in line and "--hash=sha256:" not in line] == []


PROOFS = ["docs/security.md", "docs/production-checklist.md", "docs/troubleshooting.md"]


@pytest.mark.parametrize("page", PROOFS)
def test_every_test_file_and_command_that_a_page_names_as_proof_exists(page: str) -> None:
    named = re.findall(r"`([^`]+)`", (BASE_DIR / page).read_text(encoding="utf-8"))
    targets = set(re.findall(r"^([a-z-]+):", (BASE_DIR / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    missing = [
        name
        for name in named
        if (name.startswith("make ") and name.split()[1] not in targets)
        or (re.match(r"(tests|tools|config|foodmood|apps|docs|deploy|\.github|\.ci)/", name) and not _exists(name))
    ]
    assert not missing


def _exists(name: str) -> bool:
    path, _, test = name.partition("::")
    file = BASE_DIR / path
    return file.exists() and (not test or f"def {test}(" in file.read_text(encoding="utf-8"))
