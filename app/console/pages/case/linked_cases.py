"""What a case has in common with others; everything was found when the case was read."""

from typing import Any

from app.console.pages.case.case_model import Case


def links(case: Case) -> dict[str, Any]:
    """Return the section: values with the cases that have them, and the words around each."""
    return {"links": case.links}
