"""Dismissing the card."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.console.features.onboarding import setup_card
from app.console.web.requests import OurForm, TheConsole, TheVault
from app.sentences.translatable import say

router = APIRouter()


@router.post("/onboarding/dismiss")
def dismiss(console: TheConsole, vault: TheVault, _: OurForm) -> Response:
    """Show the card no more to the person whose vault this is."""
    setup_card.dismiss(vault)
    console.undo.add(say("The list of what to set up is not shown again."), [])
    return RedirectResponse("/", status_code=303)
