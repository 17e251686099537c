"""docs/ as a site: all that it needs is on it, and nothing else."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from config.env import BASE_DIR


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(  # noqa: S603 -- our own tool
        [Path(sys.executable).parent / "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder


class Loaded(HTMLParser):
    """What a page loads by itself, as opposed to where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") in {"canonical", "next", "prev"}:
            return
        names = ("src", "srcset", "data", "poster") + (("href",) if tag == "link" else ())
        self.addresses += [given[name] or "" for name in names if name in given]


def test_no_page_loads_anything_from_another_host(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        loaded = Loaded(page.read_text(encoding="utf-8")).addresses
        assert loaded
        assert [address for address in loaded if "//" in address] == [], page


def test_no_style_or_script_of_ours_names_another_host_to_load_from(site: Path) -> None:
    for file in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import )[\"']?(https?:)?//", file.read_text(encoding="utf-8")), file


def test_no_program_of_ours_is_published(site: Path) -> None:
    assert list(site.rglob("*.py")) == []


def test_what_pages_link_to_beside_docs_is_there_too(site: Path) -> None:
    assert (site / "repository" / "CHANGELOG" / "index.html").exists()
    written = (site / "repository" / ".env.example.txt").read_text(encoding="utf-8")
    assert written == (BASE_DIR / ".env.example").read_text(encoding="utf-8")


def test_the_picture_of_the_architecture_can_be_read_by_those_who_do_not_see_it() -> None:
    picture = (BASE_DIR / "docs" / "img" / "architecture.svg").read_text(encoding="utf-8")
    assert re.search(r"<desc [^>]*>.{80,}</desc>", picture)
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")


def test_every_page_has_its_place_in_one_of_four_kinds() -> None:
    text = (BASE_DIR / "mkdocs.yml").read_text(encoding="utf-8").replace("!!python/object/apply:", "!")
    yaml.SafeLoader.add_multi_constructor("!", lambda *_: None)
    kinds = [next(iter(part)) for part in yaml.safe_load(text)["nav"]]
    assert kinds == ["Where to begin", "Tutorial", "How to", "Reference", "Explanation"]
