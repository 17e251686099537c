"""Names within one archive: each defined once whatever its case, each reference spelled as defined."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.archive.cycles import cycles
from apps.archive.model import Archive, Category, Edible
from apps.archive.problems import Problem, Problems, quoted, shown
from foodmood.names import fold

_LONGEST_CYCLE = 8  # names told of a cycle: enough to find it, short enough to read


def check_references(archive: Archive, problems: Problems[Problem]) -> None:
    """Adds what is wrong. A blank name stands for a value already found wrong and is passed over."""
    edibles = _Names("edibles", (edible.name for edible in archive.edibles), problems)
    _check_ingredients(archive.edibles, edibles)
    _check_cycles(archive.edibles, problems)
    for m, meal in enumerate(archive.meals):
        for p, portion in enumerate(meal.portions):
            if portion.edible not in edibles.defined:
                edibles.refuse(portion.edible, f"meals[{m}].edibles[{p}].name")
    _check_wellbeing(archive, problems)


class _Names:
    """The names that one list defines. Repeated ones are problems from the start."""

    def __init__(self, path: str, names: Iterable[str], problems: Problems[Problem], key: str = "name") -> None:
        self.path = path
        self.problems = problems
        self.defined: set[str] = {""}
        self._first: dict[str, tuple[int, str]] = {}
        for index, name in enumerate(names):
            first = self._first.setdefault(fold(name), (index, name))
            if name and first[0] != index:
                self._add(
                    f"{path}[{index}].{key}",
                    _("%(name)s is already at %(path)s") % {"name": quoted(name), "path": f"{path}[{first[0]}].{key}"},
                    _("names may not differ in case alone: rename or remove one"),
                )
            self.defined.add(name)

    def refuse(self, name: str, path: str) -> None:
        """A reference to `name` at `path` has no definition of just this spelling."""
        what = _("%(name)s is not defined in %(list)s") % {"name": quoted(name), "list": self.path}
        if near := self._first.get(fold(name)):
            self._add(path, what, _("spell it %(name)s as there") % {"name": quoted(near[1])})
        else:
            self._add(path, what, _("add it there, or correct the name"))

    def _add(self, path: str, what: str, mend: str) -> None:
        self.problems.add(Problem(path, what, mend))


def _check_ingredients(edibles: tuple[Edible, ...], names: _Names) -> None:
    for e, edible in enumerate(edibles):
        seen = set()
        for i, ingredient in enumerate(edible.ingredients):
            path = f"edibles[{e}].ingredients[{i}]"
            if ingredient not in names.defined:
                names.refuse(ingredient, path)
            elif ingredient in seen:
                what = _("%(name)s stands here twice") % {"name": quoted(ingredient)}
                names.problems.add(Problem(path, what, _("keep one of them")))
            if ingredient:
                seen.add(ingredient)


def _check_cycles(edibles: tuple[Edible, ...], problems: Problems[Problem]) -> None:
    index = {edible.name: i for i, edible in enumerate(edibles) if edible.name}
    for cycle in cycles({edible.name: edible.ingredients for edible in edibles if edible.name}):
        _add_cycle(cycle, index, problems)
        if problems.full:
            return


def _add_cycle(cycle: list[str], index: dict[str, int], problems: Problems[Problem]) -> None:
    path = f"edibles[{index[cycle[-1]]}].ingredients"
    if len(cycle) == 1:
        what = _("%(name)s contains itself") % {"name": quoted(cycle[0])}
    else:
        told = cycle if len(cycle) <= _LONGEST_CYCLE else [*cycle[: _LONGEST_CYCLE - 1], "…", cycle[-1]]
        told = [shown(name) for name in [*told, cycle[0]]]
        what = _("edibles contain each other: %(cycle)s") % {"cycle": " → ".join(told)}
    problems.add(Problem(path, what, _("take one of them out of the other")))


def _check_wellbeing(archive: Archive, problems: Problems[Problem]) -> None:
    path = "wellbeing.categories"
    categories = _Names(path, (category.name for category in archive.categories), problems)
    options: dict[str, _Names] = {}
    for c, category in enumerate(archive.categories):
        labels = (option.label for option in category.options)
        names = _Names(f"{path}[{c}].options", labels, problems, key="label")
        options.setdefault(category.name, names)
        _check_option_values(category, f"{path}[{c}].options", problems)
    for e, entry in enumerate(archive.entries):
        if entry.category not in categories.defined:
            categories.refuse(entry.category, f"wellbeing.entries[{e}].category")
        elif entry.category and entry.option not in options[entry.category].defined:
            options[entry.category].refuse(entry.option, f"wellbeing.entries[{e}].option")


def _check_option_values(category: Category, path: str, problems: Problems[Problem]) -> None:
    first: dict[int, int] = {}
    for o, option in enumerate(category.options):
        if first.setdefault(option.value, o) != o:
            what = _("the value %(value)d is already at %(path)s") % {
                "value": option.value,
                "path": f"{path}[{first[option.value]}].value",
            }
            problems.add(Problem(f"{path}[{o}].value", what, _("give each option a value of its own")))
