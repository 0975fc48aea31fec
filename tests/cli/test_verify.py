"""``quietline verify``: an honest line passes, and each way to lie to somebody is found."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.entry import build
from app.cli.verify.looking import Looked, Looking, look
from app.protocol import challenges
from app.protocol.encoding import b64u
from app.protocol.line import Line as LineFile
from app.protocol.site import open_manifest
from app.reporter.colours import Colours
from tests.cli.test_demo import Demo, demo  # noqa: F401 (a fixture)
from tests.server.conftest import Line

pytestmark = pytest.mark.anyio

FILES = {
    "index.html": b"<title>Languages</title>",
    "en/index.html": b"<title>Step 1</title>",
    "uk/index.html": "<title>Крок 1</title>".encode(),
    "assets/app.js": b"'use strict';",
    "assets/site.css": b"p{}",
}
DAY = 86_400
RELEASE = {
    path: hashlib.sha256(FILES[path]).hexdigest() for path in ("assets/app.js", "assets/site.css")
}
ONION = "http://" + "a" * 56 + ".onion"
Change = Callable[[httpx.Request, httpx.Response], httpx.Response | None]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setattr(challenges, "MIN_ROWS", 64)  # the size of a set does not matter here
    made = Line(tmp_path)
    made.publish()
    return made


class Liar(httpx.AsyncBaseTransport):
    """The line's server, or one that changes what it likes on the way out."""

    def __init__(self, app: object, change: Change) -> None:
        self._honest = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        self._change = change

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._honest.handle_async_request(request)
        raw = b"".join([piece async for piece in answer.aiter_raw()])
        status, headers = answer.status_code, answer.headers
        read = httpx.Response(status, headers=headers, content=raw)
        if changed := self._change(request, read):
            return changed
        return httpx.Response(status, headers=read.headers, stream=httpx.ByteStream(raw))


def other(answer: httpx.Response, body: bytes | None = None, **headers: str) -> httpx.Response:
    """Return the same answer with another body, or with headers added or replaced."""
    kept = [(k, v) for k, v in answer.headers.multi_items() if k != "content-length"]
    if body is not None:
        kept = [(k, v) for k, v in kept if k != "content-encoding"]
    added = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = [(k, v) for k, v in kept if k not in added]
    stream = httpx.ByteStream(answer.content if body is None else body)
    if body is None and "content-encoding" in answer.headers:
        kept = [(k, v) for k, v in kept if k != "content-encoding"]
    return httpx.Response(answer.status_code, headers=[*kept, *added.items()], stream=stream)


def honest(_: httpx.Request, __: httpx.Response) -> None:
    return None


async def seen(
    line: Line,
    change: Change = honest,
    /,
    files: dict[str, bytes] = FILES,
    **changes: object,
) -> Looked:
    site = line.publish_site(files)
    async with line.serve(site_folder=site) as server:
        for index in (0, 1, 3):
            body = line.upload(index, range(2))
            assert (await server.client.post("/api/v1/bundles", content=body)).status_code == 204
        await server.tick()
        wanted = {
            "url": "http://line",
            "line": LineFile(line.line_id, "Line", "http://line", None),
            "ways": [False],
            "socks": None,
            "count": None,
            "release": RELEASE,
            "now": int(line.now),
            "rng": os.urandom,
            "progress": lambda *_: None,
            "transport": Liar(server.app, change),
        }
        return await look(Looking(**(wanted | changes)))  # type: ignore[arg-type]


def sentences(looked: Looked) -> set[tuple[str, str]]:
    return {(one.where, one.sentence) for one in looked.findings.all()}


async def test_an_honest_line_is_found_to_be_as_signed(line):
    looked = await seen(line)
    assert sentences(looked) == set()
    assert len(looked.visitors) == 4
    # Each visitor: five files, three of them also by their folder, and the manifest.
    assert looked.answers == 4 * (5 + 3 + 1)
    assert {name.split(", ")[1] for name in looked.visitors} == {"en", "uk"}


async def test_code_for_one_language_alone_is_found_with_who_saw_it(line):
    def change(request, answer):
        if request.url.path == "/assets/app.js" and "uk" in request.headers["accept-language"]:
            return other(answer, b"'use strict';steal()")
        return None

    looked = await seen(line, change)
    (found,) = looked.findings.all()
    assert (found.where, found.sentence) == (
        "/assets/app.js",
        "Its bytes are not those that the agency signed.",
    )
    assert found.visitors
    assert all(", uk, " in name for name in found.visitors)


async def test_code_for_one_kind_of_phone_alone_is_found(line):
    def change(request, answer):
        if request.url.path == "/en/" and "iPhone" in request.headers["user-agent"]:
            return other(answer, answer.content + b"<p>call us</p>")
        return None

    (found,) = (await seen(line, change)).findings.all()
    assert found.where == "/en/"
    assert all("Safari on a phone" in name for name in found.visitors)


BROWSER_LIKE = {
    "/en/": ("document", "navigate"),
    "/assets/app.js": ("script", "cors"),
    "/assets/site.css": ("style", "no-cors"),
}


async def test_each_kind_of_file_is_asked_for_as_each_browser_asks(line):
    def change(request, answer):
        said = request.headers.get("sec-fetch-dest"), request.headers.get("sec-fetch-mode")
        if BROWSER_LIKE.get(request.url.path) != said:
            return None  # nobody's browser: the truth
        agent = request.headers["user-agent"]
        if ("sec-ch-ua" in request.headers) != ("Chrome" in agent):
            return None
        return other(answer, answer.content + b" ")

    found = (await seen(line, change, url="https://line")).findings.all()
    every = {name for one in found for name in one.visitors if one.where == "/en/"}
    assert {one.where for one in found} == {*BROWSER_LIKE}
    assert len(every) == 4, every


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"set_cookie": "who=7"}, "There is a header set-cookie that does not belong here."),
        ({"etag": '"7"'}, "There is a header etag that does not belong here."),
        ({"refresh": "0;url=//x"}, "There is a header refresh that does not belong here."),
        (
            {"content_security_policy": "default-src *"},
            "The header content-security-policy is not the one that every answer carries.",
        ),
        (
            {"alt_svc": 'h3="elsewhere.example:443"'},
            "The header alt-svc sends browsers to another address.",
        ),
        (
            {"onion_location": "http://other.onion/"},
            "The header onion-location names another onion than line.json.",
        ),
        ({"content_type": "text/plain"}, "It comes as another kind of content than it is."),
    ],
)
async def test_a_header_changed_on_one_file_is_found(line, headers, sentence):
    def change(request, answer):
        return other(answer, **headers) if request.url.path == "/uk/index.html" else None

    assert sentences(await seen(line, change)) == {("/uk/index.html", sentence)}


async def test_what_a_proxy_may_add_is_no_finding(line):
    def change(_, answer):
        return other(
            answer,
            date="Tue, 24 Nov 2026 10:00:00 GMT",
            server="Caddy",
            strict_transport_security="max-age=63072000",
            alt_svc='h3=":443"; ma=2592000',
            onion_location=f"{ONION}/en/",
        )

    known = LineFile(line.line_id, "Line", "http://line", ONION)
    assert sentences(await seen(line, change, line=known)) == set()


async def test_a_missing_header_is_found_on_the_api_too(line):
    def change(request, answer):
        if request.url.path == "/api/v1/challenges":
            del answer.headers["referrer-policy"]
        return

    assert sentences(await seen(line, change)) == {
        ("/api/v1/challenges", "The header referrer-policy is missing.")
    }


async def test_a_page_that_was_never_signed_is_found(line):
    def change(request, answer):
        return (
            other(httpx.Response(200, content=b"hi"), b"hi") if answer.status_code == 404 else None
        )

    assert (
        "(a path that is not there)",
        "A path that was never signed is answered with status 200.",
    ) in (sentences(await seen(line, change)))


async def test_a_redirect_to_elsewhere_is_found(line):
    def change(_, answer):
        if answer.status_code == 308:
            return other(answer, location="https://elsewhere.example/en/")
        return None

    assert sentences(await seen(line, change)) == {
        ("/en", "It is not redirected to its own folder.")
    }


@pytest.mark.parametrize("path", ["/api/v1/challenges", "/api/v1/bundles", "/api/v1/directory"])
async def test_bytes_of_an_epoch_made_for_one_visitor_are_found(line, path):
    def change(request, answer):
        if request.url.path == path and "iPhone" in request.headers["user-agent"]:
            body = bytearray(answer.content)
            body[-1] ^= 1
            return other(answer, bytes(body))
        return None

    found = (await seen(line, change)).findings.all()
    assert {one.where for one in found} == {path}
    assert any("given different" in one.sentence for one in found)


async def test_epochs_that_never_agree_are_found(line):
    def change(request, answer):
        if request.url.path == "/api/v1/bundles" and "iPhone" in request.headers["user-agent"]:
            epoch = int.from_bytes(answer.content[:8]) + 1
            return other(answer, epoch.to_bytes(8) + answer.content[8:])
        return None

    assert (
        "/api/v1/bundles",
        "The two were never shown the same epoch at once.",
    ) in sentences(await seen(line, change))


async def test_another_lines_directory_ends_it_with_one_sentence(line, tmp_path):
    stranger = LineFile(os.urandom(32), "Other", "http://line", None)
    ((where, sentence),) = sentences(await seen(line, line=stranger))
    assert where == "/api/v1/directory"
    assert sentence.startswith("The directory does not verify: ")


async def test_a_manifest_that_was_changed_ends_it_with_one_sentence(line):
    def change(request, answer):
        if request.url.path == "/manifest.json":
            return other(answer, answer.content.replace(b'"manifest":"ey', b'"manifest":"eX'))
        return None

    ((where, sentence),) = sentences(await seen(line, change))
    assert where == "/manifest.json"
    assert sentence.startswith("The manifest does not verify: ")


async def test_code_that_the_agency_signed_but_no_release_has_is_found(line):
    released = RELEASE | {"assets/app.js": "0" * 64}
    assert sentences(await seen(line, release=released)) == {
        (
            "/assets/app.js",
            "The agency signed it, but it is not the file of this release of Quietline.",
        )
    }
    less = {"assets/site.css": RELEASE["assets/site.css"]}
    ((where, sentence),) = sentences(await seen(line, release=less))
    assert where == "/assets/app.js"
    assert "no such file" in sentence


async def test_an_agency_s_own_colours_pass_and_what_does_more_than_colour_is_found(line):
    for sheet, expected in (
        (Colours({"ink": "#000000"}).stylesheet(), set()),
        (b"*{display:none}", {("/assets/colours.css", "It does more than set colours.")}),
    ):
        files = FILES | {"assets/colours.css": sheet}
        assert sentences(await seen(line, files=files)) == expected


async def test_an_expired_directory_is_found(line):
    found = dict(sentences(await seen(line, now=int(line.now) + 200 * DAY)))
    assert found.keys() == {"/api/v1/bundles", "/api/v1/directory"}
    assert "shows a time that is over" in found["/api/v1/bundles"]
    assert found["/api/v1/directory"].startswith("The directory has expired:")


async def test_a_line_that_stays_in_the_past_is_found_before_its_directory_ends(line):
    assert not sentences(await seen(line, now=int(line.now) + 40 * DAY))
    ((where, sentence),) = sentences(await seen(line, now=int(line.now) + 60 * DAY))
    assert where == "/api/v1/bundles"
    assert "shows a time that is over" in sentence


async def test_a_clock_that_is_behind_is_told_and_does_not_hide_an_expired_directory(line):
    ((where, sentence),) = sentences(await seen(line, now=int(line.now) - 400 * DAY))
    assert where == "/api/v1/bundles"
    assert "clock behind" in sentence
    line.publish(expires="2026-01-01")
    found = dict(sentences(await seen(line, now=0)))
    assert "the directory has expired" in found["/api/v1/bundles"]


def test_a_manifest_that_leaves_the_site_is_refused(line):
    for path in ("../x", "/etc/x", "a/../b", "a//b", "./a"):
        site = line.publish_site(FILES, listed={path: "0" * 64})
        with pytest.raises(ValueError, match="outside the site"):
            open_manifest((site / "manifest.json").read_bytes(), line.line_id, line.line_id)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(build("verify"), ["verify", *arguments])
    return done.exit_code, re.sub(r"\s+", " ", done.output)


def test_being_used_wrongly_is_said_in_a_sentence(tmp_path, line):
    identity = b64u(line.line_id)
    for arguments, said in (
        (["http://x"], "Give either --line"),
        (["ftp://x", "--line-id", identity], "must begin with http"),
        (["http://abc.onion", "--line-id", identity], "reached through Tor"),
        (["http://x", "--line-id", "short"], "base64url"),
        (["http://x", "--line", str(tmp_path / "none.json")], "No such file"),
    ):
        code, output = run(*arguments)
        assert code == 2, output
        assert said in output


def test_a_line_that_is_away_is_a_finding_for_scripts(line):
    code, output = run("http://127.0.0.1:9", "--line-id", b64u(line.line_id))
    assert code == 1
    assert "cannot be reached" in output


def test_the_demo_verifies_and_going_back_is_remembered(demo: Demo, tmp_path: Path) -> None:  # noqa: F811
    memory = tmp_path / "versions.json"
    command = [sys.executable, "-m", "app.cli.entry", "verify", demo.facts["server"], "--json"]
    command += ["--line", str(demo.data / "agency" / "line.json"), "--remember", str(memory)]
    command += ["--visitors", "2"]

    def verify() -> tuple[int, dict]:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, json.loads(done.stdout)

    code, seen_first = verify()
    assert (code, seen_first["findings"]) == (0, [])
    assert seen_first["answers"] > 100
    assert (seen_first["directory"], seen_first["site"]) == (1, 1)
    versions = json.loads(memory.read_bytes())
    versions[seen_first["line_id"]]["site"] = 7
    memory.write_text(json.dumps(versions))
    code, again = verify()
    assert code == 1
    assert [one["where"] for one in again["findings"]] == ["/manifest.json"]
    assert "older than 7" in again["findings"][0]["sentence"]
