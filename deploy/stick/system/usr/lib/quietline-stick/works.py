"""Tells the system that what this start is for has come up: a version that is tried stays."""

from __future__ import annotations

import asking

if __name__ == "__main__":
    asking.ask("works")
