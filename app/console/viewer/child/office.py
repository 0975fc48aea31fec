"""Office files: LibreOffice makes a PDF of them, which is then drawn like any other."""

from app.console.viewer.child import converting
from app.console.viewer.child.request import NotOfThisKind, Request

STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
PDF_MAX = 128 * 1024**2


def to_pdf(data: bytes, request: Request) -> bytes:
    """Convert to PDF. Raises NotOfThisKind, NoConverter."""
    if not data.startswith(STARTS):
        raise NotOfThisKind
    path = converting.begin(data, "file", request)
    converting.run(
        [
            request.converter,
            "--headless",
            "--norestore",
            "--nolockcheck",
            f"-env:UserInstallation=file://{converting.WORK}/profile",
            "--convert-to",
            "pdf",
            "--outdir",
            str(converting.WORK),
            str(path),
        ]
    )
    made = path.with_suffix(".pdf")
    if not made.exists() or made.stat().st_size > PDF_MAX:
        raise NotOfThisKind
    return made.read_bytes()
