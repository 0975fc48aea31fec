"""What Lighthouse says of the first screen, on its own slow phone. Left out where it is missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.bench import result

FOLDER = Path(__file__).parent / "lighthouse"
PROGRAM = FOLDER / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices")
_SECONDS = 180


def measure(page: result.Page, url: str, folder: Path) -> None:
    """Add a row for each category, and a note that names what is below 100."""
    chromium = shutil.which("chromium")
    if not PROGRAM.exists() or chromium is None:
        page.notes.append("Lighthouse is not installed here: `make bench-page` installs it.")
        return
    report = folder / "lighthouse.json"
    subprocess.run(
        [
            str(PROGRAM), url, "--quiet", "--output=json", f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}", "--no-enable-error-reporting",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        ],
        env={**os.environ, "CHROME_PATH": chromium},
        check=True,
        timeout=_SECONDS,
    )  # fmt: skip
    said = json.loads(report.read_text())
    for name in CATEGORIES:
        category = said["categories"][name]
        page.at_least(1, f"Lighthouse: {name}", "of 100", 100 * category["score"], 100)
    page.notes.append(
        f"Lighthouse {said['lighthouseVersion']}, mobile, on the first screen. "
        + (_complaints(said) or "It has no complaint.")
    )


def _complaints(said: dict[str, Any]) -> str:
    """Name every audit with a weight that is not passed whole."""
    low = []
    for name in CATEGORIES:
        for ref in said["categories"][name]["auditRefs"]:
            audit = said["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 1:
                value = audit.get("displayValue", "")
                low.append(f"{audit['title']} ({audit['score']:.2f} {value})".replace(" )", ")"))
    return f"Not passed whole: {'; '.join(low)}." if low else ""
