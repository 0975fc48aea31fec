"""HTML made into PDF and PNG by WeasyPrint and PDFium, so that two runs give the same bytes.

What comes out tells nothing of this computer, its user, its folders or its clock. Nothing is
fetched: a page that names another file is an error. Where WeasyPrint or its libraries lack, the
error says what to install.
"""

import io
from bisect import bisect_left
from collections.abc import Callable
from typing import Any, Final, NoReturn

import pypdfium2

from app.agency.errors import AgencyError

SCALES: Final = tuple(0.95**step for step in range(12))
"""The scales of letters that are tried: to little more than half."""
_POINTS: Final = 72
"""Points of a PDF in an inch."""


class DoesNotFit(Exception):
    """Some text is too long for its place, even in the smallest letters."""


def drawing_problem() -> str | None:
    """Return why nothing can be drawn on this computer, as a sentence; None where it can."""
    try:
        _library()
    except AgencyError as error:
        return str(error)
    return None


def scale_that_fits(page: Callable[[float], str]) -> float:
    """Return the largest of ``SCALES`` at which a page, made at it, is one page.

    What fits fits in smaller letters too. Raises DoesNotFit, AgencyError.
    """

    def fits(scale: float) -> bool:
        return len(_laid_out(page(scale)).pages) == 1

    if fits(SCALES[0]):  # as most do
        return SCALES[0]
    step = bisect_left(SCALES, True, lo=1, key=fits)
    if step == len(SCALES):
        raise DoesNotFit
    return SCALES[step]


def as_pdf(html: str) -> bytes:
    """Return a document as PDF. Raises AgencyError."""
    data = _laid_out(html).write_pdf(finisher=_say_nothing)
    if not isinstance(data, bytes):
        raise AgencyError("WeasyPrint of this version gives no PDF.")
    return data


def as_pictures(pdf: bytes, dots_an_inch: int) -> list[bytes]:
    """Return each page of a PDF as a PNG."""
    pictures = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            image = page.render(scale=dots_an_inch / _POINTS).to_pil().convert("RGB")
            made = io.BytesIO()
            image.save(made, "PNG")
            pictures.append(made.getvalue())
    finally:
        document.close()
    return pictures


def _library() -> Any:
    """Return WeasyPrint, which is an extra: it draws on the agency's machine alone."""
    try:
        import weasyprint
    except ImportError:
        raise AgencyError(
            "Posters are drawn by WeasyPrint, which is not installed here: it comes with the "
            "Debian package, and with pip install 'quietline[posters]'."
        ) from None
    except OSError:
        raise AgencyError(
            "WeasyPrint is here, and the libraries with which it sets text are not. Install "
            "Debian's libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0."
        ) from None
    return weasyprint


def _laid_out(html: str) -> Any:
    return _library().HTML(string=html, url_fetcher=_fetch_nothing).render()


def _fetch_nothing(url: str, *_: object, **__: object) -> NoReturn:
    raise AgencyError(f"A poster names {url}, and nothing is fetched for one.")


def _say_nothing(_document: Any, pdf: Any) -> None:
    """Take out who made it."""
    pdf.info.clear()
