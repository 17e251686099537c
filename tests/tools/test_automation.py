"""What runs by itself (the workflows, their scripts, the hooks) is sound, and asks for what people ask for."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from config.env import BASE_DIR
from tests.services import program

WORKFLOWS = sorted((BASE_DIR / ".github" / "workflows").glob("*.yml"))
SCRIPTS = sorted(
    file
    for file in [*(BASE_DIR / ".ci").iterdir(), *(BASE_DIR / "deploy").rglob("*")]
    if file.is_file() and re.match(rb"#!.*\b(ba)?sh$", file.read_bytes().split(b"\n", 1)[0])
)


def tool(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    path = Path(sys.executable).parent / name
    return subprocess.run([path, *arguments], cwd=BASE_DIR, capture_output=True, text=True, check=False)  # noqa: S603 -- our own tools


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.relative_to(BASE_DIR)))
def test_shellcheck_finds_no_fault_in_a_script(script: Path) -> None:
    done = subprocess.run(  # noqa: S603 -- our own script
        [program("shellcheck"), script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_takes_every_action_at_one_commit(workflow: Path) -> None:
    used = re.findall(r"uses: (.*)", workflow.read_text(encoding="utf-8"))
    pinned = r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./\.github/workflows/\w+\.yml"
    assert [action for action in used if not re.fullmatch(pinned, action)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_may_read_and_no_more_unless_a_job_says_so(workflow: Path) -> None:
    assert yaml.safe_load(workflow.read_text(encoding="utf-8"))["permissions"] == {"contents": "read"}


def test_the_workflow_runs_every_part_of_what_has_to_hold() -> None:
    [there] = re.findall(r'^all="(.*)"$', (BASE_DIR / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    jobs = yaml.safe_load((BASE_DIR / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))["jobs"]
    matrix = jobs["ci"]["strategy"]["matrix"]
    asked = {
        part for parts in [*matrix["part"], *(more["part"] for more in matrix["include"])] for part in parts.split()
    }
    commands = [step.get("run", "").split() for step in jobs["delivery"]["steps"]]
    asked |= {part for command in commands if command[:1] == [".ci/run"] for part in command[1:]}
    assert asked == set(there.split())
    assert matrix["python"] == ["3.11", "3.12", "3.13"]


def test_unfetched_advisories_fail_where_there_is_a_network() -> None:
    workflows = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"] for file in WORKFLOWS}
    [ci] = [step for step in workflows["ci"]["ci"]["steps"] if ".ci/run" in step.get("run", "")]
    assert ci["env"] == {"AUDIT_OFFLINE": "0"}
    assert [step["run"] for step in workflows["audit"]["audit"]["steps"] if "run" in step][-1] == "make audit"
    assert "schedule" in (BASE_DIR / ".github" / "workflows" / "audit.yml").read_text(encoding="utf-8")


def test_what_is_left_out_on_postgresql_asks_nowhere_which_database_it_has() -> None:
    left_out = re.findall(r"--ignore=([\w/]+)", (BASE_DIR / ".ci" / "run").read_text(encoding="utf-8"))
    assert left_out
    files = [file for folder in left_out for file in (BASE_DIR / folder).rglob("*.py") if file != Path(__file__)]
    assert [file for file in files if "vendor" in file.read_text(encoding="utf-8")] == []


def test_a_part_that_there_is_not_is_refused_by_name() -> None:
    done = subprocess.run(  # noqa: S603 -- our own script
        [program("bash"), BASE_DIR / ".ci" / "run", "everything"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "No part of this is called everything" in done.stderr


def test_actionlint_refuses_a_workflow_that_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "ci.yml"
    wrong.write_text(WORKFLOWS[1].read_text(encoding="utf-8").replace("matrix.python", "matrix.pyhton"), "utf-8")
    done = tool("actionlint", wrong)
    assert done.returncode == 1
    assert 'property "pyhton" is not defined' in done.stdout


def test_version_becomes_a_tag_once(tmp_path: Path) -> None:
    for name in ("bash", "dirname", "sed"):  # the script calls them
        program(name)
    origin, clone = tmp_path / "origin.git", tmp_path / "clone"

    def git(*arguments: str) -> str:
        who = ["-c", "user.name=Alice", "-c", "user.email=alice@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(  # noqa: S603 -- our own command
            [program("git"), *who, *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout

    def release(version: str) -> str:
        (clone / "pyproject.toml").write_text(f'[project]\nname = "foodmood"\nversion = "{version}"\n')
        git("-C", str(clone), "add", "--all")
        git("-C", str(clone), "commit", "--quiet", "--allow-empty", "--message", version)
        done = subprocess.run([clone / ".ci" / "tag"], capture_output=True, text=True, check=True)  # noqa: S603 -- our own
        return done.stdout

    git("init", "--quiet", "--bare", str(origin))
    git("clone", "--quiet", str(origin), str(clone))
    (clone / ".ci").mkdir()
    shutil.copy(BASE_DIR / ".ci" / "tag", clone / ".ci" / "tag")
    assert [release("1.4.0"), release("1.4.0"), release("1.5.0")] == ["version=v1.4.0\n", "", "version=v1.5.0\n"]
    assert git("-C", str(origin), "tag").split() == ["v1.4.0", "v1.5.0"]


def test_a_hook_calls_what_the_checks_call() -> None:
    hooks = yaml.safe_load((BASE_DIR / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    makefile = (BASE_DIR / "Makefile").read_text(encoding="utf-8").replace("$(VENV)", ".venv")
    recipe = makefile.partition("\ncheck:")[2].partition("\n\n")[0]
    commands = [hook["entry"].replace(" --force-exclude", "") for hook in hooks if hook["id"] != "check"]
    assert commands
    assert [command for command in commands if command not in recipe] == []
