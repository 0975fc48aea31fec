"""Which case a duplicate stands for. Pure."""

from collections.abc import Mapping


def main_case(case: str, duplicate_of: Mapping[str, str]) -> str:
    """Return the case that a duplicate stands for: its main one, followed to the end.

    Two people may have merged two cases into each other at the same time; then the smaller id is
    the main one, on every console.
    """
    path = [case]
    while following := duplicate_of.get(path[-1]):
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]
