"""Edibles that contain themselves, by whatever way."""

from collections.abc import Iterator, Mapping, Sequence


def cycles(inside: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Each way from an edible back to itself that one walk meets, as the names on it; none where there is none.

    `inside`: edible → its direct ingredients; a name that is no key has none. Depth first, each edible once, on a
    stack of its own: a chain of a hundred thousand edibles is allowed.
    """
    done: set[str] = set()
    for start in inside:
        if start in done:
            continue
        depth = {start: 0}  # the names from `start` down to the one looked at, in this order
        stack = [iter(inside[start])]
        while stack:
            name = next((name for name in stack[-1] if name in inside and name not in done), None)
            if name is None:
                stack.pop()
                done.add(depth.popitem()[0])
            elif name in depth:
                yield list(depth)[depth[name] :]
            else:
                depth[name] = len(stack)
                stack.append(iter(inside[name]))
