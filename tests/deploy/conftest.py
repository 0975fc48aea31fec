"""Where the files of deploy/ are, and programs that a test may find missing."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
