"""What is inside an edible and where it is used, at any depth. Reads the diary's links once, then walks in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from apps.accounts.models import User
from apps.edibles.models import Edible, Ingredient

DEEPEST = 12  # levels shown; the page of what lies deeper shows the rest
MOST = 200  # edibles shown on one page
LINES = 400  # of a tree, where one may be shown several times

Links = Mapping[int, list[int]]

# UNION leaves out what was found before, so it always ends.
_UPWARDS = (
    "WITH RECURSIVE found (id) AS ({names}"
    " UNION SELECT link.container_id FROM edibles_ingredient link JOIN found ON link.edible_id = found.id"
    " WHERE link.owner_id = %s) SELECT id FROM found"
)


@dataclass(frozen=True)
class Branch:
    """An edible and what is inside it. What a page already showed is not opened again, so a tree always ends."""

    edible: Edible
    branches: tuple["Branch", ...] = ()
    shown_above: bool = False
    goes_on: bool = False


@dataclass(frozen=True)
class Surroundings:
    """An edible's place among the others of its owner."""

    inside: tuple[Branch, ...]
    inside_count: int
    used_in: tuple[Edible, ...]
    used_within: tuple[Edible, ...]  # not directly, but through those
    containers_count: int  # of both

    @property
    def is_cut(self) -> bool:
        return max(self.inside_count, self.containers_count) > MOST

    most = MOST


def surroundings(edible: Edible) -> Surroundings:
    """Two queries, however deep the recipe is."""
    below, above = _links(edible.owner)
    inside, containers = _reach(below, edible.pk), _reach(above, edible.pk)
    direct = set(above.get(edible.pk, ()))
    shown = {edible.pk, *list(inside)[:MOST], *sorted(direct)[:MOST], *list(containers)[:MOST]}
    edibles = edible.owner.edibles.in_bulk(shown)
    return Surroundings(
        inside=_Growing(below, edibles, root=edible.pk).branches(),
        inside_count=len(inside),
        used_in=_sorted(edibles[pk] for pk in direct if pk in edibles),
        used_within=_sorted(edibles[pk] for pk in containers if pk in edibles and pk not in direct),
        containers_count=len(containers),
    )


def with_containers(edibles: "QuerySet[Edible]", *, owner: int) -> RawSQL:
    """A subquery: the ids of these edibles of one owner, and of all that contain them at any depth."""
    names, params = edibles.order_by().values("pk").query.sql_with_params()
    return RawSQL(_UPWARDS.format(names=names), (*params, owner))  # noqa: S611 -- all values are parameters


def _links(owner: User) -> tuple[Links, Links]:
    """Container → ingredients, and ingredient → containers."""
    below: dict[int, list[int]] = {}
    above: dict[int, list[int]] = {}
    pairs = Ingredient.objects.filter(owner=owner).order_by("pk").values_list("container", "edible")
    for container, edible in pairs:
        below.setdefault(container, []).append(edible)
        above.setdefault(edible, []).append(container)
    return below, above


def _reach(links: Links, start: int) -> dict[int, None]:
    """All that can be reached from start, nearest first, without start itself."""
    reached: dict[int, None] = {}
    level = [start]
    while level:
        level = [pk for here in level for pk in links.get(here, ()) if pk != start and pk not in reached]
        level = list(dict.fromkeys(level))
        reached |= dict.fromkeys(level)
    return reached


def _sorted(edibles: Iterable[Edible]) -> tuple[Edible, ...]:
    return tuple(sorted(edibles, key=lambda edible: (edible.search_key or edible.key, edible.pk)))


class _Growing:
    """A tree as it grows: remembers what it has shown."""

    def __init__(self, below: Links, edibles: Mapping[int, Edible], *, root: int) -> None:
        self.below, self.edibles, self.root = below, edibles, root
        self.seen = {root}
        self.lines = 0

    def branches(self) -> tuple[Branch, ...]:
        return self._inside(self.root, depth=0)

    def _inside(self, container: int, *, depth: int) -> tuple[Branch, ...]:
        inside = _sorted(self.edibles[pk] for pk in self.below.get(container, ()) if pk in self.edibles)
        self.lines += len(inside)
        return tuple(self._branch(edible, depth=depth + 1) for edible in inside)

    def _branch(self, edible: Edible, *, depth: int) -> Branch:
        has_inside = edible.pk in self.below
        if edible.pk in self.seen:
            return Branch(edible, shown_above=has_inside)
        if depth >= DEEPEST or (has_inside and self.lines + len(self.below[edible.pk]) > LINES):
            return Branch(edible, goes_on=has_inside)
        self.seen.add(edible.pk)
        return Branch(edible, self._inside(edible.pk, depth=depth))
