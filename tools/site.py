"""docs/ as a site: what mkdocs is told besides mkdocs.yml.

Pages link to files beside docs/ (`../Procfile`, `../SECURITY.md`), as readers of the repository need it. Those files
are put into the site, below `repository/`, and the links led there.
"""

import os
import re
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
DOCS = "docs"
BESIDE = "repository"
# [text](target), and src="target" of a picture; neither another host nor a place on the same page.
LINK = re.compile(r'(\]\(|src=")((?![a-z]+:|#)[^)"#\s]+)')


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Adds what pages link to, and what those link to in their turn."""
    waiting = [file.src_uri for file in files.documentation_pages()]
    while waiting:
        page = waiting.pop()
        for _match, target in _links(page, (ROOT / _origin(page)).read_text(encoding="utf-8")):
            if _is_beside(target) and not files.get_file_from_path(_place(target)):
                files.append(
                    File.generated(
                        config,
                        _place(target),
                        abs_src_path=str(ROOT / target),
                        inclusion=InclusionLevel.NOT_IN_NAV,
                    )
                )
                waiting += [_place(target)] if target.endswith(".md") else []
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Links, as they have to be where the page is now. What is nowhere is left to mkdocs, which complains."""
    here = page.file.src_uri
    pieces, end = [], 0
    for match, target in _links(here, markdown):
        place = target.removeprefix(f"{DOCS}/") if not _is_beside(target) else _place(target)
        if here.startswith(f"{BESIDE}/") or _is_beside(target):
            pieces += [markdown[end : match.start(2)], os.path.relpath(place, PurePosixPath(here).parent)]
            end = match.end(2)
    return "".join([*pieces, markdown[end:]])


def _links(page: str, markdown: str) -> list[tuple[re.Match[str], str]]:
    """Each with the file that it leads to, from the repository's root."""
    folder = PurePosixPath(_origin(page)).parent
    return [(match, os.path.normpath(folder / match[2])) for match in LINK.finditer(markdown)]


def _origin(page: str) -> str:
    """Where a page of the site is in the repository."""
    return page.removeprefix(f"{BESIDE}/") if page.startswith(f"{BESIDE}/") else f"{DOCS}/{page}"


def _is_beside(target: str) -> bool:
    return not target.startswith(f"{DOCS}/") and (ROOT / target).is_file()


def _place(target: str) -> str:
    """Where a file of the repository is in the site. A browser shows what ends in .txt."""
    return f"{BESIDE}/{target}" + ("" if target.endswith(".md") else ".txt")
