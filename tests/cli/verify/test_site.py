"""``quietline verify``: an honest line passes, and each way to lie in a file is found."""

from __future__ import annotations

import httpx
import pytest

from app.protocol.line import Line as LineFile
from app.protocol.site import open_manifest
from app.reporter.colours import Colours
from tests.cli.verify.lying_line import FILES, ONION, RELEASE, other, seen, sentences

pytestmark = pytest.mark.anyio


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


def test_a_manifest_that_leaves_the_site_is_refused(line):
    for path in ("../x", "/etc/x", "a/../b", "a//b", "./a"):
        site = line.publish_site(FILES, listed={path: "0" * 64})
        with pytest.raises(ValueError, match="outside the site"):
            open_manifest((site / "manifest.json").read_bytes(), line.line_id, line.line_id)
