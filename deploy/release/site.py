"""``python -m deploy.release.site``: the reporter's code and pages, made again from the source.

In a clean copy: the bundle is built from its sources and compared with the one checked in, and the
whole site is rendered there and here, under other zones, languages and hash seeds, and compared.
Exit code 1: something differs.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rich.console import Console

from deploy.release.source import ROOT, Failed, environment, run, unpack

# A line of its own: what differs between lines is their content, not the code under test.
_RENDER = (
    "import datetime, hashlib\n"
    "from app.reporter.build import render_site\n"
    "from app.reporter.content import load_content\n"
    "site = render_site(load_content(bytes(range(32)), 'A line'), datetime.date(2031, 5, 6))\n"
    "for path, data in site.items():\n"
    "    print(hashlib.sha256(data).hexdigest(), '', path)\n"
)


def remake(work: Path, say: Console) -> int:
    """Return how many files of the site came out alike. Raises Failed."""
    say.print("Copying what is committed, installing by hash …")
    source = unpack(work / "source")
    programs = environment(work / "environment", source, "runtime")
    client = source / "app" / "reporter" / "client"
    run("npm", "ci", "--silent", "--no-audit", "--no-fund", cwd=client)
    say.print("Building the reporter's bundle from its sources …")
    run("npm", "run", "--silent", "check", cwd=client)
    say.print("Rendering the site, there and here …")
    there = run(
        programs / "python", "-c", _RENDER,
        cwd=source, PYTHONPATH=str(source), TZ="Pacific/Chatham", LC_ALL="C", PYTHONHASHSEED="7",
    )  # fmt: skip
    here = run(
        sys.executable, "-c", _RENDER,
        PYTHONPATH=str(ROOT), TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1",
    )  # fmt: skip
    if there != here:
        ours, theirs = set(here.splitlines()), set(there.splitlines())
        odd = sorted({row.split()[-1] for row in ours ^ theirs})
        raise Failed(f"These files differ: {', '.join(odd)}")
    return len(there.splitlines())


def main() -> int:
    """Run from the command line."""
    say = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="quietline-site-") as folder:
        try:
            files = remake(Path(folder), say)
        except Failed as failed:
            say.print(f"Not the same. {failed}")
            return 1
    say.print(f"The bundle and all {files} files of the site are the same, byte for byte.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
