"""Every page of the console in another language: no English is left, and Arabic runs right."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

import httpx
import pytest

from app.console.rules import htcds
from app.console.web.reader_languages import Languages
from tests.console.pseudo import english_in, made_up
from tests.journeys.console_world import AGREED, TOLD, World, world

LEFT = (
    "/lock",
    "/sync",
    ".csv",
    ".svg",
    ".png",
    "/static",
    "/export",
    "/original",
    "/sound",
    "/flat",
)
"""What is no page."""
NAMED = (
    "Quietline", "LibreOffice", "ffmpeg", "tesseract", "bubblewrap", "libseccomp", "libseccomp2",
    "tesseract-ocr", "libreoffice-nogui", "SVG", "PNG", "CSV", "PDF", "SHA", "HTCDS", "Esc",
    "Enter", "Space", "Ctrl", "image/png", "on-danger", "on-deaf", "libheif", "libheif-examples",
    "HEIC", "AVIF",
)  # fmt: skip
"""Names of programs, forms, keys: the same in every language."""
WRITTEN = (
    "Test line", "Support workers, not police", "ana", "ben", "dora", "An", "Be", "Do",
    "Ines, Harbour line", "dormitory", "Harbour line",
    "Same street as the report of 12 November? Ask for the house number.",
    "Practice line (made up)", "You", *(text for text, *_ in TOLD), AGREED,
)  # fmt: skip
"""What people of this world are called and wrote."""


def _data() -> re.Pattern[str]:
    standard = htcds.standard()
    terms = [value for field in standard.titles for value in (field, *standard.values(field))]
    words = sorted((*NAMED, *WRITTEN, *terms), key=len, reverse=True)
    plain = "|".join(re.escape(one) for one in words)
    # A case's two words, a language's tag where there is no room for its name.
    return re.compile(rf"(?<![\w])(?:{plain}|[a-z]+-[a-z]+)(?![\w])|^[a-z]{{2,3}}$")


DATA = _data()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("languages"), past=False) as made:
        yield made


@pytest.fixture
def in_pseudo(shown: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    language = made_up()
    monkeypatch.setattr(Languages, "find", lambda self, tag: language)
    monkeypatch.setattr(Languages, "wanted", lambda self, header: language)
    with httpx.Client(follow_redirects=True, timeout=60) as client:
        yield client


class Walk:
    """Goes from page to page by their links, and keeps what stands there in English."""

    def __init__(self, client: httpx.Client, home: str) -> None:
        self.client, self.home = client, home
        self.seen: set[str] = set()
        self.left: dict[str, str] = {}

    def read(self, answer: httpx.Response) -> list[str]:
        """Note what is left on a page; return where its links lead within the console."""
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return []
        for text in english_in(answer.text, DATA):
            self.left.setdefault(text, str(answer.url).removeprefix(self.home))
        links = re.findall(r'href="([^"]+)"', answer.text)
        found = [urldefrag(urljoin(str(answer.url), html.unescape(one)))[0] for one in links]
        return [one for one in found if one.startswith(f"{self.home}/")]

    def go(self, pages: int) -> None:
        """Walk until every page was seen, or so many."""
        waiting = [f"{self.home}/"]
        while waiting and len(self.seen) < pages:
            address = waiting.pop(0)
            if address not in self.seen and not any(part in address for part in LEFT):
                self.seen.add(address)
                waiting += self.read(self.client.get(address))

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as its page does; read what answers it."""
        page = self.client.get(f"{self.home}/machine").text
        csrf = re.search(r'name="csrf" content="([^"]*)"', page)
        origin = self.home.rpartition("/")[0]
        form = {"csrf": csrf[1] if csrf else ""} | fields
        answer = self.client.post(f"{self.home}{path}", data=form, headers={"origin": origin})
        assert answer.headers["content-type"].startswith("text/html"), (path, answer.text)
        self.read(answer)
        return answer


def test_no_page_has_english_left(in_pseudo: httpx.Client, shown: World) -> None:
    walk = Walk(in_pseudo, shown.home)
    walk.read(in_pseudo.get(shown.home + "/unlock"))
    in_pseudo.get(shown.login)
    walk.go(400)
    assert len(walk.seen) > 40
    case = {"case": shown.case}
    for path, fields in (
        ("/cases", {}),
        ("/cases", {"status": "closed/spam"} | case),
        (f"/cases/{shown.case}/triage", {"priority": "urgent", "was-priority": "life-safety"}),
        (f"/cases/{shown.case}/triage", {"label": "dormitory", "was-label": ""}),
        (f"/cases/{shown.case}/notes", {"text": ""}),
        (f"/cases/{shown.case}/referrals", {}),
        (f"/cases/{shown.case}/copy", {"reason": ""}),
        (f"/cases/{shown.case}/hand", {"to": "police", "reason": ""}),
        ("/retention/schedule", case),
        ("/retention/schedule", {}),
        ("/languages", {"language": "es"}),
        ("/undo", {}),
        ("/search", {"q": "passports"}),
        ("/search", {"q": "nothing like it"}),
        ("/machine/passphrase", {"old": "not this one", "new": "a", "again": "b"}),
        ("/machine/recovery", {"passphrase": "not this one"}),
        ("/links/country", {"desk": "support", "region": "XX"}),
        ("/duty", {"hours": "99"}),
        ("/connection/bridges", {"bridges": "nothing like it"}),
        ("/nothing", {}),
    ):
        walk.send(path, **fields)
    walk.read(in_pseudo.get(f"{shown.home}/cases/none"))
    walk.read(in_pseudo.get(f"{shown.home}/"))
    walk.read(in_pseudo.get(f"{shown.home}/first"))
    assert list(walk.left.items()) == []


def test_no_page_of_practice_has_english_left(in_pseudo: httpx.Client, shown: World) -> None:
    landed = in_pseudo.get(shown.practice)
    walk = Walk(in_pseudo, str(landed.url).rpartition("/practice")[0])
    walk.go(30)
    first = (
        "/practice/" + str(next(one for one in walk.seen if "/practice/" in one)).rpartition("/")[2]
    )
    for path in (f"{first}/begin", f"{first}/finish"):
        walk.send(path)
    walk.go(60)
    assert list(walk.left.items()) == []


def test_what_scripts_are_told_has_no_english_left(in_pseudo: httpx.Client, shown: World) -> None:
    in_pseudo.get(shown.console.login_url())
    page = in_pseudo.get(f"{shown.home}/").text
    csrf = re.search(r'name="csrf" content="([^"]*)"', page)
    token = {"x-quietline-csrf": csrf[1] if csrf else ""}
    status = in_pseudo.get(f"{shown.home}/status", headers=token).json()
    alarm = in_pseudo.get(f"{shown.home}/alarm/state", headers=token).json()
    told = [status["words"], *(one["text"] for one in status["notices"]), alarm["words"]]
    origin = token | {"origin": shown.home.rpartition("/")[0]}
    refused = in_pseudo.post(f"{shown.home}/cases", headers=origin).json()
    told.append(refused["problem"])
    assert [one for one in told if english_in(f"<p>{one}</p>", DATA)] == []
