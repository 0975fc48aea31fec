"""The way from a real console's login to practice, a process of its own at its own address.

No one need be signed in: whoever sits here may practise, and reaches nothing by it.
"""

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.console.features.practice.child import PracticeChild
from app.console.web.render import page
from app.console.web.requests import the_console
from app.console.web.running_console import Console

router = APIRouter()


@router.post("/practise")
async def practise(request: Request) -> Response:
    """Start practice, if it does not run, and show where it is."""
    address = await anyio.to_thread.run_sync(the_child(the_console(request)).open)
    return page(request, "practice/start.html", {"address": address})


def the_child(console: Console) -> PracticeChild:
    """Practice beside a console, which may run or not."""
    if not isinstance(console.companion, PracticeChild):
        console.companion = PracticeChild(console.folder)
    return console.companion
