"""What a stranger sends reaches our code through a form, or through one of the functions that are named here."""

import ast
from collections.abc import Iterator

import pytest

from config.env import BASE_DIR

SENT = {"GET", "POST", "FILES", "COOKIES", "META", "headers", "body", "read"}

# **Whoever else reads a request needs a row here**: what becomes of what was sent, whatever it was.
READERS = {
    "apps/accounts/adapter.py: login": "the name of a browser that we know, or “An unknown device”",
    "apps/accounts/devices.py: _entries": "what we signed ourselves, or nothing",
    "apps/edibles/views.py: new": "what stands in a field of a form, which judges it when it is sent",
    "apps/edibles/views.py: searched": "a text as short as a name",
    "apps/journal/views.py: _check_in_form": "the number of a part of the check-in, or the nearest one",
    "apps/journal/views.py: _page": "the number of a page of the day, or the nearest one",
    "apps/journal/views.py: jump": "a day of the diary, or a message that says how to write one",
    "apps/journal/views.py: suggest": "a name, cleaned by the field for names, or no suggestion",
    "apps/meals/views.py: _edible_asked_for": "the number of an edible of one's own, or a 404",
    "apps/meals/views.py: list_": "a name, cleaned by the field for names, or no meal",
    "apps/wellbeing/views.py: chosen_category": "one of one's own categories, or a 404",
    "foodmood/admin_site.py: login": "an address, which allauth follows only if it is on this site",
    "foodmood/audit/requests.py: browser": "200 characters of printable ASCII",
    "foodmood/client_ip.py: client_ip": "an IP address, or a 400",
    "foodmood/clock.py: _browsers": "12, 24 or nothing",
    "foodmood/csp_reports.py: _breaches": "known words and a bare origin, of 16 KB at most",
    "foodmood/hosts.py: unknown_host": "a host name, printable, as the log may hold it",
    "foodmood/limits.py: named_address": "the name of a counter, hashed by who counts",
    "foodmood/limits.py: too_many_requests": "yes or no",
    "foodmood/outage.py: handler500": "yes or no",
    "foodmood/proxies.py: is_undeclared": "yes or no",
    "foodmood/requests.py: posted": "what a form is bound to",
    "foodmood/requests.py: middleware": "what is printable; a host without its port; a short query, or a 400",
    "foodmood/requests.py: answer": "an address as long as one of ours may be, or a 400",
    "foodmood/returning.py: came_from": "an address on this site, or none",
    "foodmood/submissions/once.py: _answer_again": "yes or no",
    "foodmood/submissions/once.py: _is_done": "yes or no",
    "foodmood/submissions/once.py: _key": "a hash",
    "foodmood/submissions/once.py: answer": "yes or no",
    "foodmood/telemetry/requests.py: middleware": "an id of known characters, or one of ours",
    "foodmood/telemetry/scrape.py: is_on_metrics_port": "the server's own socket",
    "foodmood/telemetry/scrape.py: knows_token": "yes or no, in constant time",
}


def readers(source: str) -> Iterator[str]:
    """The functions that read what a request brings, other than to give it to a form."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in SENT and ast.unparse(node.value).endswith("request"):
            around = list(_around(node, parents))
            if not any(_judges(each) or _asks_for_a_button(each) for each in around):
                yield next((each.name for each in around if isinstance(each, ast.FunctionDef)), "(module)")


def _around(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while node in parents:
        node = parents[node]
        yield node


def _judges(node: ast.AST) -> bool:
    """A form that is bound to it; or the parser of a list's page, which takes the nearest one."""
    return isinstance(node, ast.Call) and ("form" in (name := ast.unparse(node.func).lower()) or name == "nearest_page")


def _asks_for_a_button(node: ast.AST) -> bool:
    """Which of a form's buttons was pressed: no value is looked at."""
    return isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn)


def test_every_function_that_reads_a_request_says_what_becomes_of_what_was_sent() -> None:
    found = {
        f"{file.relative_to(BASE_DIR)}: {function}"
        for folder in ("apps", "foodmood")
        for file in (BASE_DIR / folder).rglob("*.py")
        for function in readers(file.read_text(encoding="utf-8"))
    }
    assert found == READERS.keys()


@pytest.mark.parametrize(
    ("reads", "is_found"),
    [
        ('meals.get(pk=request.GET["pk"])', True),
        ('self.request.POST.get("name")', True),
        ("json.loads(request.body)", True),
        ("MealForm(request.POST, request.FILES, owner=request.user)", False),
        ('nearest_page(meals, request.GET.get("page"))', False),
        ('"import" in request.POST', False),
    ],
)
def test_a_view_is_found_that_reads_a_request_by_itself(reads: str, is_found: bool) -> None:
    assert list(readers(f"def view(request):\n    return {reads}\n")) == ["view"] * is_found
