"""What a platform reads in the repository: Procfile, app.json, requirements.txt, bin/pre_compile."""

import json
import re
import secrets
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from config.env import BASE_DIR, declared, load
from tests.services import needed, program

# https://devcenter.heroku.com/articles/app-json-schema
KNOWN = {
    *("name", "description", "keywords", "website", "repository", "logo", "success_url", "scripts", "env"),
    *("formation", "addons", "buildpacks", "environments", "stack", "image"),
}
VERSION_FILES = {".python-version", ".tool-versions", "mise.toml", ".mise.toml"}


def app() -> dict[str, Any]:
    described: dict[str, Any] = json.loads((BASE_DIR / "app.json").read_text())
    return described


def processes() -> dict[str, str]:
    return dict(line.split(": ", 1) for line in (BASE_DIR / "Procfile").read_text().splitlines())


def test_each_process_is_production_by_itself() -> None:
    assert set(processes()) == {"release", "web", "worker"}
    assert all(command.startswith("DJANGO_ENV=prod ") for command in processes().values())


def test_what_runs_on_takes_the_place_of_its_shell_and_gets_its_signals() -> None:
    assert [name for name, command in processes().items() if " exec " not in command] == ["release"]


def test_app_json_says_nothing_that_heroku_does_not_know() -> None:
    assert set(app()) <= KNOWN
    assert all(set(variable) <= {"description", "value", "required", "generator"} for variable in app()["env"].values())
    assert set(app()["environments"]) <= {"test", "review", "production"}


def test_app_json_runs_the_processes_of_the_procfile() -> None:
    assert set(app()["formation"]) == set(processes()) - {"release"}


def test_app_json_asks_for_declared_variables_only() -> None:
    asked = {*app()["env"], *app()["environments"]["review"]["env"]}
    assert asked <= {variable.name for variable in declared()}


def test_what_app_json_sets_and_its_database_are_all_that_production_needs() -> None:
    environment = {name: variable.get("value", "") for name, variable in app()["env"].items()}
    environment |= {name: variable["value"] for name, variable in app()["environments"]["review"]["env"].items()}
    environment |= {
        name: secrets.token_hex(32) for name, variable in app()["env"].items() if variable.get("generator") == "secret"
    }
    assert [addon["plan"].partition(":")[0] for addon in app()["addons"]] == ["heroku-postgresql"]
    environment["DATABASE_URL"] = "postgres://user:password@db.example.org:5432/app"
    assert load(environment, building=False)["DJANGO_ENV"] == "prod"


def test_the_root_requirements_are_those_of_production() -> None:
    lines = (BASE_DIR / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["-r requirements/prod.txt"]


def test_the_python_of_a_platform_is_the_newest_that_is_tested(tmp_path: Path) -> None:
    subprocess.run([BASE_DIR / "bin/pre_compile"], cwd=tmp_path, check=True)  # noqa: S603 -- our own
    chosen = (tmp_path / ".python-version").read_text().strip()
    workflow = (BASE_DIR / ".github/workflows/ci.yml").read_text()
    tested = re.search(r"python: \[(.*)\]", workflow)
    assert tested
    assert chosen == max(re.findall(r"3\.\d+", tested[1]), key=lambda version: int(version.partition(".")[2]))
    below = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["requires-python"].partition("<")[2]
    assert int(chosen.partition(".")[2]) + 1 == int(below.partition(".")[2])


def test_no_version_manager_is_told_which_python_a_developer_must_have() -> None:
    needed((BASE_DIR / ".git").exists(), "No git repository to look into.")
    committed = subprocess.run(  # noqa: S603 -- git
        [program("git"), "ls-files"], cwd=BASE_DIR, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert not VERSION_FILES & set(committed)
