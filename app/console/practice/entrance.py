"""The way from a real console's login to practice, a process of its own at its own address.

No one need be signed in: whoever sits here may practise, and reaches nothing by it.
"""

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.console.web.render import page

router = APIRouter()


@router.post("/practise")
async def practise(request: Request) -> Response:
    """Start practice, if it does not run, and show where it is."""
    address = await anyio.to_thread.run_sync(request.app.state.practice_child.open)
    return page(request, "practice/start.html", {"address": address})
