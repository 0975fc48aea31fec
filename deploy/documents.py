"""``python -m deploy.documents PROGRAM OUT``: the documents as a site, with search, for a browser.

``PROGRAM`` is ProperDocs (locks/docs.txt), which refuses a link or an anchor that leads nowhere,
and a page that the table of contents lacks. The pages keep their places in the tree, so their links
are those that work in the sources. What is built loads nothing from elsewhere: it is looked at.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CONTENTS: dict[str, list[str]] = {
    "Quietline": ["README.md"],
    "Investigating": ["docs/investigating.md", "docs/console.md", "docs/stick.md"],
    "To print": ["docs/operator.md", "docs/agency.md", "docs/investigator.md"],
    "Operating": [
        "docs/operating.md",
        "docs/set-up.md",
        "docs/costs.md",
        "docs/move-and-end.md",
        "docs/by-hand.md",
        "deploy/README.md",
    ],
    "Agencies and translators": [
        "docs/agency-work.md",
        "docs/posters.md",
        "app/reporter/content/README.md",
        "app/reporter/languages.md",
    ],
    "Security": ["docs/threat-model.md", "SECURITY.md"],
    "Protocol": ["docs/spec/*.md"],
    "Contributing": [
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/GLOSSARY.md",
        "app/reporter/client/README.md",
        "CHANGELOG.md",
        "docs/releasing.md",
    ],
    "Decisions": ["docs/adr/*.md"],
    "Measurements": ["docs/bench/*.md"],
}
"""The table of contents: sections, and the pages of each."""
_PICTURES = ("docs/**/*.png", "docs/**/*.svg")
PRINTED = """\
/* On paper: the text alone, small, on A4. Three pages are to fit on two sides. */
@page { size: A4; margin: 14mm 16mm; }
@media print {
  .wy-nav-side, .wy-nav-top, .rst-versions, .headerlink, footer, .wy-breadcrumbs,
  .wy-breadcrumbs + hr, [role="navigation"] { display: none !important; }
  .wy-nav-content-wrap { margin: 0 !important; }
  .wy-nav-content { max-width: none !important; padding: 0 !important; }
  body, p, li, td, th, code, pre { font-size: 10.5pt !important; line-height: 1.3 !important; }
  h1, h2, h3 { margin: 0.5em 0 0.25em !important; break-after: avoid; }
  h1 { font-size: 17pt !important; }
  h2 { font-size: 12.5pt !important; }
  p, ul, ol, pre, table, .wy-table-responsive {
    margin: 0 0 0.45em !important;
  }
  pre { padding: 0.3em 0.5em !important; white-space: pre-wrap; border: 1px solid; }
  table { border-collapse: collapse; width: 100%; }
  td, th { padding: 0.15em 0.4em !important; border: 1px solid; }
  td, th { text-align: left; vertical-align: top; }
  tr, li { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
}
"""
_STYLE = f"""\
/* Tables here hold sentences: they wrap, and have the room that the window has. */
.wy-nav-content {{ max-width: 75rem; }}
.wy-table-responsive table td, .wy-table-responsive table th {{ white-space: normal; }}
{PRINTED}"""
_LOADED = re.compile(
    r"<(?:script|img|iframe|source|audio|video|embed)\b[^>]*?\bsrc\s*=\s*[\"']?(https?:)?//"
    r"|<link\b(?![^>]*\brel=[\"']?canonical)[^>]*?\bhref\s*=\s*[\"']?(https?:)?//"
    r"|(?:url\(|@import)\s*[\"']?(https?:)?//",
    re.IGNORECASE,
)


class Broken(Exception):
    """The documents do not make a site; the text says why."""


def contents(root: Path = ROOT) -> dict[str, list[str]]:
    """Return the pages of each section by their place in the tree, README first. Raises Broken."""
    return {
        section: [page for pattern in patterns for page in _matching(root, pattern)]
        for section, patterns in CONTENTS.items()
    }


def _matching(root: Path, pattern: str) -> list[str]:
    found = sorted(root.glob(pattern), key=lambda path: (path.name != "README.md", path.name))
    if not found:
        raise Broken(f"The table of contents names {pattern}, which is not there.")
    return [str(path.relative_to(root)) for path in found]


def stage(root: Path, into: Path) -> None:
    """Copy the pages, all of docs/ whether listed or not, with pictures, and add a style."""
    pages = {page for pages in contents(root).values() for page in pages}
    beside = {name for pattern in ("docs/**/*.md", *_PICTURES) for name in _matching(root, pattern)}
    for name in pages | beside:
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, target)
    (into / "style.css").write_text(_STYLE)


def configuration(pages: Path, site: Path) -> dict[str, Any]:
    """Return what ProperDocs is told: everything that could be dead is a warning, so an error."""
    return {
        "site_name": "Quietline",
        "docs_dir": str(pages),
        "site_dir": str(site),
        "use_directory_urls": False,
        "strict": True,
        "theme": {"name": "readthedocs", "highlightjs": False, "navigation_depth": 2},
        "extra_css": ["style.css"],
        "plugins": ["search"],
        "markdown_extensions": ["tables", "fenced_code", "sane_lists", {"toc": {"permalink": "#"}}],
        "validation": {
            "nav": {"omitted_files": "warn", "not_found": "warn", "absolute_links": "warn"},
            "links": {
                "not_found": "warn",
                "anchors": "warn",
                "absolute_links": "warn",
                "unrecognized_links": "warn",
            },
        },
        "nav": [{section: pages} for section, pages in contents(pages).items()],
    }


def loaded_from_elsewhere(site: Path) -> Iterator[str]:
    """Yield the files of a site that would load something from another host, with what."""
    for path in sorted(site.rglob("*")):
        if path.suffix in {".html", ".css"}:
            for match in _LOADED.finditer(path.read_text()):
                yield f"{path.relative_to(site)}: {match.group()}"


def build(program: Path, out: Path, root: Path = ROOT) -> None:
    """Make the site in ``out``, whose former content goes. Raises Broken."""
    with tempfile.TemporaryDirectory(prefix="quietline-documents-") as folder:
        pages, site = Path(folder) / "pages", Path(folder) / "site"
        stage(root, pages)
        config = Path(folder) / "properdocs.yml"
        config.write_text(json.dumps(configuration(pages, site)))
        done = subprocess.run(
            [program, "build", "--config-file", config],  # quiet, it would not count warnings
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Broken((done.stderr or done.stdout).replace(f"{pages}/", "").strip())
        if outside := list(loaded_from_elsewhere(site)):
            raise Broken("The site loads from elsewhere:\n" + "\n".join(outside))
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(site, out)


def main(words: list[str]) -> int:
    """Build as ``words`` say; returns an exit code."""
    if len(words) != 2:
        print("usage: python -m deploy.documents PROGRAM OUT", file=sys.stderr)
        return 2
    program, out = map(Path, words)
    try:
        build(program, out)
    except Broken as broken:
        print(broken, file=sys.stderr)
        return 1
    print(f"The documents are in {out}/index.html; to search them: python3 -m http.server -d {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
