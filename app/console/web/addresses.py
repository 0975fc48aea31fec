"""Addresses within the console: each is named by pages and templates as if it began at "/".

The random path before them is put there in as few places as can be: in redirects by ``guard``, in
scripts by ``static/js/calls.js``, and here in templates, when they are read. So none can forget it.
"""

import re

from fastapi import Request
from jinja2.ext import Extension
from starlette.responses import RedirectResponse

_OWN = re.compile(r'(\b(?:href|src|action|formaction|data-picture)=")/')
_TYPED = re.compile(r"<(form|input|select|textarea)(?=[\s>])(?![^>]*autocomplete=)")


class OwnAddresses(Extension):
    """Puts ``{{ root }}`` before the addresses that stand in a template.

    One that comes out of a value has it written there. And keeps browsers from writing what is
    typed, a note or an answer, into what they would restore: chromium asks the form, Firefox the
    field.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the template with its addresses under the root, its forms not to be restored."""
        del name, filename
        return _TYPED.sub(r'<\1 autocomplete="off"', _OWN.sub(r"\1{{ root }}/", source))


def own_path(request: Request) -> str:
    """Return the path that was asked for, within the console."""
    return request.url.path.removeprefix(request.scope["root_path"]) or "/"


def is_path(text: str) -> bool:
    """Say whether this is a place of ours, and nothing that a browser takes for another address."""
    return text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()


def back_to_case(id_: str, place: str = "") -> RedirectResponse:
    """Return the way to a case's page, or to a place of it: ``#notes``."""
    return RedirectResponse(f"/cases/{id_}{place}", status_code=303)
