"""What is known of a case's open pages: which one wrote its draft last, and what each has sent.

The same case may stand open twice, and a button may be pressed twice. In memory: a lock ends every
page, and with it what is known of it.
"""

from collections import OrderedDict
from threading import Lock

KEPT = 1_000
"""So many things that were sent are remembered: a second press comes within seconds."""


class OpenPages:
    """Pages go by a random name that is in their forms; "" is a form without one."""

    def __init__(self) -> None:
        self._writers: dict[str, str] = {}
        self._sent: OrderedDict[tuple[str, ...], None] = OrderedDict()
        self._lock = Lock()

    def writer(self, case: str) -> str:
        """Return the page that kept a case's draft last, "" for none since the vault was opened."""
        return self._writers.get(case, "")

    def wrote(self, case: str, page: str) -> None:
        """Note that a page has kept the draft."""
        self._writers[case] = page

    def shows_the_draft(self, case: str, page: str, drafted_by: str) -> bool:
        """Say whether a page has the draft that is kept.

        It wrote it itself, or was made with it, when ``drafted_by`` had written it. Another one
        knows nothing of what it would write over.
        """
        return page == "" or self.writer(case) in ("", page, drafted_by)

    def first(self, *what: str) -> bool:
        """Say whether this, named by its page and all it says, is asked for the first time."""
        with self._lock:
            if what in self._sent:
                return False
            self._sent[what] = None
            if len(self._sent) > KEPT:
                self._sent.popitem(last=False)
            return True

    def take_back(self, *what: str) -> None:
        """Note that it was refused: asked for again, it counts as the first time."""
        with self._lock:
            self._sent.pop(what, None)

    def clear(self) -> None:
        """Forget every page."""
        self._writers.clear()
        with self._lock:
            self._sent.clear()
