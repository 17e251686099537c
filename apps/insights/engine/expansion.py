"""An edible with everything inside it, at any depth."""

from collections.abc import Mapping


def expand(edible: str, ingredients: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """The edible itself and all that it contains.

    Iterative, so that depth has no limit; each edible is visited once, so that a cycle in bad data ends.
    """
    found = {edible}
    waiting = [edible]
    while waiting:
        for ingredient in ingredients.get(waiting.pop(), ()):
            if ingredient not in found:
                found.add(ingredient)
                waiting.append(ingredient)
    return frozenset(found)
