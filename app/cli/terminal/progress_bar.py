"""How far something is, as a bar on a terminal's error stream that is gone at the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

Step = Callable[[str, int, int], None]
"""Told a step in words, how many are done and how many there are (0: that is not known)."""


@contextmanager
def progress(beginning: str, *, quiet: bool = False) -> Iterator[Step]:
    """Show a bar that begins with these words, and is moved by what is yielded."""
    columns = (
        TextColumn("{task.description}", markup=False),  # it may be a file's name
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    screen = Console(stderr=True, quiet=quiet)
    with Progress(*columns, console=screen, transient=True) as bar:
        task, shown = bar.add_task(beginning, total=None), beginning

        def step(words: str, done: int, total: int) -> None:
            nonlocal task, shown
            if words != shown:  # anew: neither the total nor the pace of the last one is this one's
                bar.remove_task(task)
                task, shown = bar.add_task(words, total=None), words
            bar.update(task, completed=done, total=total or None)

        yield step
