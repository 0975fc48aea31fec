"""Which case a duplicate stands for. Pure."""

from collections.abc import Mapping


def main_case(case: str, duplicate_of: Mapping[str, str]) -> str:
    """Return the case that a duplicate stands for: its main one, followed to the end.

    Two people may have merged two cases into each other at the same time; then the smaller id is
    the main one, on every console.
    """
    path = {case: 0}
    while following := duplicate_of.get(case):
        if following in path:
            return min([*path][path[following] :])
        path[following] = len(path)
        case = following
    return case
