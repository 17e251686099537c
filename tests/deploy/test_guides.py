"""What the guides to one server and to TLS tell to type is there to be typed."""

import re
from pathlib import Path

import pytest

from config.env import BASE_DIR, declared

GUIDES = [BASE_DIR / "docs" / "deploy" / name for name in ("one-server.md", "tls.md")]
NGINX = BASE_DIR / "deploy" / "nginx"
SYSTEMD = BASE_DIR / "deploy" / "systemd"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_the_files_that_a_guide_names_are_there(guide: Path) -> None:
    named = set(re.findall(r"deploy/[\w./-]*\w", guide.read_text("utf-8").replace("$1", "10-foodmood.conf")))
    assert named
    assert {name for name in named if not (BASE_DIR / name).exists()} == set()


def test_the_units_that_the_guide_names_are_there_and_it_names_them_all() -> None:
    guide = GUIDES[0].read_text("utf-8")
    named = set(re.findall(r"\bfoodmood-(?!tls)\w+", guide))  # which is nginx's
    assert named == {path.stem for path in SYSTEMD.glob("foodmood-*.*") if path.is_file()}


def test_the_guides_fill_in_every_variable_of_the_templates() -> None:
    templates = "".join(path.read_text("utf-8") for path in (NGINX / "templates").iterdir())
    wanted = set(re.findall(r"\$\{(\w+)\}", templates))
    one_server, tls = (guide.read_text("utf-8") for guide in GUIDES)
    assert set(re.findall(r"(FOODMOOD_\w+)=", one_server)) == wanted
    assert set(re.findall(r"envsubst '(.*)'", one_server)[0].split()) == {f"${name}" for name in wanted}
    assert set(re.findall(r"^\| `(FOODMOOD_\w+)` \|", tls, re.MULTILINE)) == wanted


def test_the_guides_environment_has_variables_that_foodmood_reads() -> None:
    (environment,) = re.findall(r"<<'END'\n(.*?)\n    END", GUIDES[0].read_text("utf-8"), re.DOTALL)
    names = {line.strip().partition("=")[0].removesuffix("_FILE") for line in environment.splitlines()}
    assert names
    assert names <= {variable.name for variable in declared()}
