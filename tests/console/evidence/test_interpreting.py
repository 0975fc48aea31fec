"""A page for an interpreter holds texts and nothing else; what they say comes back."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.console.evidence import redaction, rendering
from app.console.evidence.case_document import Content
from app.console.evidence.redaction import Redaction
from app.console.vault.custody import audit_log
from app.console.web import case_views
from app.sentences.language import english
from tests.console.browser import opened
from tests.console.running_line import Line, read

pytestmark = pytest.mark.anyio

TEXT = "Je m'appelle Mariama. Le patron, Karim D., a mon passeport. +33 6 12 34 56 78"
KEPT = ("passeport", "a mon")
TAKEN = ("Mariama", "Karim D.", "+33612345678")


async def test_the_page_holds_the_texts_and_nothing_that_says_whose_they_are(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
        answers = {"where": "Rue de la Paix", "safe_to_reply": "no"}
        reporter = await line.send(TEXT, lang="fr", answers=answers)
        await line.send("Autre chose: Dakar.", lang="fr", reporter=reporter, kind="message")
        await line.sync(vault)
        (case,) = {one.case for one in read(vault)}
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
        assert "For an interpreter" in page
        path = f"/cases/{case}/interpreter"
        for fields in (
            {"who": "A. Court"},
            {"who": " ", "message": "1"},
            {"who": "A. Court", "message": "9"},
            {"who": "A. Court", "message": "x"},
        ):
            assert (await browser.post(path, **fields)).status_code == 400
        with browser.console.vault.read() as tx:
            assert "interpreter-copy" not in {one.what for one in audit_log.of_case(tx, case)}
        made = await browser.post(
            path, who="A. Court", message="1", phrases="\n".join(TAKEN)
        )  # fmt: skip
        assert made.headers["content-disposition"] == 'attachment; filename="texts.html"'
        for word in KEPT:
            assert word in made.text
        known = [*TAKEN, "34 56", "Karim", "Dakar", "Rue de la Paix", "A. Court", case, case[:16]]
        known += [case_views.case_name(case), "Test line", "ana", "Support", "support", "uietline"]
        for word in known:
            assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", made.text), word
        assert not re.search(r"\d{4}-\d\d-\d\d|\d\d:\d\d", made.text), "no time"
        assert "http" not in made.text.replace("http-equiv", "")
        with browser.console.vault.read() as tx:
            (last, *_) = audit_log.of_case(tx, case)
        assert (last.what, last.detail) == (
            "interpreter-copy",
            {"for": "A. Court", "messages": [1], "phrases": 3},
        )
        # What they said of it.
        (first, *_) = [one for one in read(browser.console.vault) if "Mariama" in one.body.text]
        back = f"/cases/{case}/translation"
        said = {"message": first.body.mid, "text": "My name is M.\nThe boss has my passport."}
        assert (await browser.post(back, **said, by="")).status_code == 400
        wrong = said | {"message": "00" * 16}
        assert (await browser.post(back, **wrong, by="A. Court")).status_code == 400
        await browser.post(back, **said, by="A. <Court>")
        page = (await browser.get(f"/cases/{case}")).text
        under = page.split(f'data-message="{first.id}"')[1].split("</article>")[0]
        assert "The boss has my passport." in under
        assert "A. &lt;Court&gt;" in under
        assert "brought back a translation" in page


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), max_size=4),
    st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=3, max_size=8),
)
def test_a_phrase_that_was_taken_out_is_nowhere_in_the_page(texts: list[str], phrase: str) -> None:
    said = [f"{text} {phrase} {text}" for text in texts]
    document = {
        "v": 1, "name": "", "line": {"id": "", "name": ""}, "made_at": 0, "made_by": {},
        "language": "", "desks": [], "answers": [],
        "messages": [
            {"n": n, "direction": "received", "language": "", "text": one}
            | {"answers": [], "files": []}
            for n, one in enumerate(said, 1)
        ],
    }  # fmt: skip
    taking_out = Redaction("For a test", phrases=(phrase,))
    clean = redaction.taken_out(Content(document, {}, {}), taking_out).document
    texts = [("", one["text"]) for one in clean["messages"]]
    page = rendering.for_interpreter(texts, english()).decode()
    found = re.findall(r'<p class="text"[^>]*>(.*?)</p>', page, re.DOTALL)
    shown = [html.unescape(one) for one in found]
    assert len(shown) == len(said)
    for one in shown:
        assert phrase not in one.replace("[taken out]", "")
        assert "[taken out]" in one
