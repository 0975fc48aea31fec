"""``quietline console`` without more: the case store of this user, in a private window.

It becomes ``console run FOLDER --open``, in the same process: a console that locks begins that
command anew.
"""

import os
import shutil
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

FOLDER: Final = Path("quietline", "case-store")
FIRST_PAGE: Final = "/first"
_PRIVATE: Final = (
    ("firefox-esr", "--private-window"),
    ("firefox", "--private-window"),
    ("chromium", "--incognito"),
    ("google-chrome", "--incognito"),
    ("chromium-browser", "--incognito"),
    ("brave-browser", "--incognito"),
)


def own_folder() -> Path:
    """Return where this user's case store is, or will be."""
    base = os.environ.get("XDG_DATA_HOME", "")
    data = Path(base) if base.startswith("/") else Path.home() / ".local" / "share"
    return data / FOLDER


def become_run() -> NoReturn:
    """Become ``run`` with this user's case store."""
    before = sys.orig_argv[1 : len(sys.orig_argv) - len(sys.argv) + 1]
    command = ["console", "run", str(own_folder()), "--open"]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *before, *command])


def open_browser(link: str) -> threading.Thread:
    """Open a link, in a private window where a browser is known to have one.

    BROWSER in the environment names another. Where nothing can be opened, nothing happens: the link
    is printed as well. Returns what does it, for who ends soon and must not end before.
    """
    opening = threading.Thread(target=_way_to_open(link), daemon=True)
    opening.start()
    return opening


def _way_to_open(link: str) -> Callable[[], object]:
    if "BROWSER" not in os.environ:
        for name, option in _PRIVATE:
            if (found := shutil.which(name)) is not None:
                return partial(_run, [found, option, link])
    return partial(webbrowser.open, link)


def _run(command: list[str]) -> None:
    """Run a browser, which goes on when the console ends, and wait for it."""
    subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )
