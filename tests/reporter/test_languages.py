"""Every sentence in every language, with nothing lost on the way."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from app.reporter.build import PACKAGE, render_site
from app.reporter.catalogue import (
    CONTENT_FOLDER,
    language_of,
    open_catalogue,
    po_file,
)
from app.reporter.content import load_content
from app.reporter.errors import SiteError
from app.reporter.infopack import read_chapter
from app.reporter.languages import add, main, source_messages, update
from app.reporter.phrases import client_phrases, late_phrases, listening_phrases
from tests.reporter.conftest import DAY

CLIENT = PACKAGE / "client" / "src" / "app"
BLANKS = re.compile(r"\{\w+\}|%\(\w+\)s")
TRANSLATED = sorted(path.parent.name for path in CONTENT_FOLDER.glob("*/messages.po"))


def messages_in_the_source() -> set[str | tuple[str, ...]]:
    return {each.id for each in source_messages() if each.id}


def read_catalogue(code: str) -> Catalog:
    with po_file(code).open("rb") as file:
        return read_po(file, locale=code)


def as_tuple(value: str | Iterable[str] | None) -> tuple[str, ...]:
    return (value or "",) if value is None or isinstance(value, str) else tuple(value)


def test_there_are_translations() -> None:
    assert {"es", "ar"} <= set(TRANSLATED)


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_has_exactly_the_messages_of_the_source(code: str) -> None:
    there = {message.id for message in read_catalogue(code) if message.id}
    wanted = messages_in_the_source()
    assert not wanted - there, "missing"
    assert not there - wanted, "no longer used"


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated_with_its_blanks(code: str) -> None:
    catalogue = read_catalogue(code)
    for message in catalogue:
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        translations = as_tuple(message.string)
        singular = not isinstance(message.id, tuple)
        assert len(translations) == (1 if singular else catalogue.num_plurals), message.id
        blanks = set(BLANKS.findall("".join(as_tuple(message.id))))
        for text in translations:
            assert text.strip(), f"not translated: {message.id}"
            used = set(BLANKS.findall(text))
            # A language may say "one" and "two" in words; anything else must stay.
            assert used == blanks or (not singular and used == blanks - {"{count}"}), text


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_says_whether_a_native_speaker_has_read_it(code: str) -> None:
    head = po_file(code).read_text().split("msgid", 1)[0]
    assert re.search(r"^# Status: (needs a native reviewer\.|reviewed by .+)$", head, re.MULTILINE)


@pytest.mark.parametrize("code", ["en", *TRANSLATED])
def test_every_number_finds_its_plural_form(code: str) -> None:
    catalogue = open_catalogue(code)
    forms = catalogue.plural_forms("There is {count} answer.", "There are {count} answers.")
    categories = {"en": 2, "es": 3, "ar": 6, "zh_Hans": 1, "vi": 1, "hi": 2, "uk": 4, "ro": 3}
    assert len(forms) == categories.get(code, len(forms))
    assert "other" in forms


@pytest.mark.parametrize("code", ["en", *TRANSLATED])
def test_the_script_and_the_catalogue_mean_the_same_plural_form(code: str) -> None:
    """Browsers choose by CLDR; a catalogue's own rule must agree (in Hindi 0 goes with 1)."""
    catalogue = open_catalogue(code)
    rule = Locale.parse(code).plural_form
    counted = [message for message in messages_in_the_source() if isinstance(message, tuple)]
    assert counted
    for singular, plural in counted:
        forms = catalogue.plural_forms(singular, plural)
        for number in range(200):
            assert forms[rule(number)] == catalogue.ngettext(singular, plural, number), number


def test_arabic_says_one_and_two_in_words() -> None:
    forms = open_catalogue("ar").plural_forms(
        "There is {count} answer.", "There are {count} answers."
    )
    assert forms["one"] == "يوجد ردّ واحد."
    assert forms["two"] == "يوجد ردّان."
    assert forms["few"] == "توجد {count} ردود."
    assert forms["many"] == "يوجد {count} ردًّا."


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("uk", {"one": "{count} день", "few": "{count} дні", "many": "{count} днів"}),
        ("ro", {"one": "{count} zi", "few": "{count} zile", "other": "{count} de zile"}),
        ("fil", {"one": "{count} araw", "other": "{count} araw"}),
    ],
)
def test_days_are_counted_as_the_language_counts(code: str, said: dict[str, str]) -> None:
    forms = open_catalogue(code).plural_forms(
        "An answer stays here for about {count} day. Then it is deleted.",
        "An answer stays here for about {count} days. Then it is deleted.",
    )
    for category, text in said.items():
        assert re.search(rf"{re.escape(text)}\b", forms[category]), category


def test_what_can_go_wrong_before_anything_comes_later_is_said_from_the_beginning() -> None:
    """All but what files alone meet: the screens that come later are there before any is added."""
    said = set[str]()
    for path in sorted(CLIENT.glob("**/*.js")):
        if path.name not in ("draft.js", "upload.js"):
            said |= set(re.findall(r"\bTrouble\(\s*'([a-z-]+)'", path.read_text("utf-8")))
    english = open_catalogue("en")
    first = {key.removeprefix("trouble.") for key in client_phrases(english)}
    assert len(said) > 10
    assert said - {"bad-file", "file-missing"} <= first, "those are an answer's file, read later"


def test_the_script_and_the_phrases_know_each_other() -> None:
    first, late, listening = (
        set(each(open_catalogue("en")))
        for each in (client_phrases, late_phrases, listening_phrases)
    )
    phrases = first | late | listening
    assert len(phrases) == len(first) + len(late) + len(listening), "loaded twice"
    source = "".join(path.read_text() for path in sorted(CLIENT.glob("*.js")))
    literal = set(re.findall(r"'([a-z]+(?:[.-][a-z-]+)*)'", source))
    prefixes = set(re.findall(r"`([a-z]+\.(?:[a-z]+-)*)\$\{", source))
    said = set(re.findall(r"\b(?:say|count|note)\(\s*'([^']+)'", source))
    troubles = {f"trouble.{code}" for code in re.findall(r"Trouble\(\s*'([^']+)'", source)}
    assert said | troubles <= phrases, "the script says what nobody wrote"
    for phrase in phrases:
        by_prefix = any(
            phrase.startswith(prefix) and phrase.removeprefix(prefix) in literal | {"unknown"}
            for prefix in prefixes
        )
        assert phrase in literal or by_prefix, f"nobody says {phrase}"


def test_a_message_without_translation_stops_the_build(tmp_path: Path) -> None:
    path = tmp_path / "de" / "messages.po"
    path.parent.mkdir()
    path.write_text('msgid ""\nmsgstr ""\n\nmsgid "Yes"\nmsgstr ""\n')
    with pytest.raises(SiteError, match="lacks a translation of: Yes"):
        open_catalogue("de", tmp_path).gettext("Yes")


def test_what_a_line_says_otherwise_comes_first_and_the_rest_follows_the_release(
    tmp_path: Path,
) -> None:
    path = tmp_path / "es" / "messages.po"
    path.parent.mkdir()
    path.write_text('msgid ""\nmsgstr ""\n\nmsgid "Yes"\nmsgstr "Así es"\n')
    said = open_catalogue("es", tmp_path)
    assert said.gettext("Yes") == "Así es"
    assert said.gettext("No") == open_catalogue("es").gettext("No")


def test_portuguese_is_named_as_that_of_brazil() -> None:
    assert language_of("pt").name == "Português (Brasil)"


def test_a_language_without_a_catalogue_is_named() -> None:
    with pytest.raises(SiteError, match="Deutsch"):
        open_catalogue("de")
    with pytest.raises(SiteError, match="not a language code"):
        language_of("not a language")


def _translate(folder: Path, code: str) -> None:
    """Turn every word around, but for what is filled in: a language that nobody speaks."""
    path = folder / code / "messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code)
    for message in catalogue:
        forms = [f"⟨{text}⟩" for text in as_tuple(message.id)]
        if message.id:
            plural = isinstance(message.id, tuple)
            message.string = tuple(forms[-1:] * catalogue.num_plurals) if plural else forms[0]
    with path.open("wb") as file:
        write_po(file, catalogue)
    texts = folder / code / "texts.toml"
    texts.write_text(re.sub(r' = "(.*)"', r' = "⟨\1⟩"', texts.read_text()))


def test_a_language_is_added_by_one_folder(tmp_path: Path) -> None:
    """Esperanto, which this site does not have; the folder is an agency's, without catalogues."""
    folder = tmp_path / "site"
    shutil.copytree(CONTENT_FOLDER, folder, ignore=shutil.ignore_patterns("messages.po"))
    made = add("eo", folder)
    (made / "eu.md").write_text("# Eŭropo\n\n" + (made / "eu.md").read_text().split("\n\n", 1)[1])
    site = folder / "site.toml"
    site.write_text(site.read_text().replace('languages = ["en"', 'languages = ["eo", "en"'))
    left = update(folder)
    assert any("eo/texts.toml: 138 of 138 texts" in one for one in left)
    assert any(one.startswith("eo/posters.toml: ") for one in left)
    with pytest.raises(SiteError, match="Esperanto lacks a translation of: "):
        render_site(load_content(bytes(32), "A line", folder), DAY)

    _translate(folder, "eo")
    assert not any("texts.toml" in one for one in update(folder))
    pages = render_site(load_content(bytes(32), "A line", folder), DAY)
    page = pages["eo/index.html"].decode()
    assert '<html lang="eo" dir="ltr">' in page
    assert "⟨Read this first⟩" in page
    assert "⟨Is someone in danger right now?⟩" in page
    europe = pages["eo/info/eu/index.html"].decode()
    assert "Eŭropo" in europe
    assert "⟨This part is in English. It is new" in europe
    (made / "eu.md").write_text((made / "eu.md").read_text().replace("of: ?", "of: "))
    done = render_site(load_content(bytes(32), "A line", folder), DAY)
    assert "⟨This part is in English." not in done["eo/info/eu/index.html"].decode()
    assert "⟨Send⟩" in json.loads(pages["eo/form.json"])["phrases"].values()
    assert 'href="/eo/"' in pages["index.html"].decode()
    assert "Lea esto primero" in pages["es/index.html"].decode(), "its wording is the release's"
    assert {path.name for path in folder.iterdir() if path.is_dir()} - {"eo"} == {"en", *TRANSLATED}


def test_a_language_that_is_there_or_is_none_is_not_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", "es"]) == 1
    assert "es is there already" in capsys.readouterr().err
    with pytest.raises(SiteError, match="not a language code"):
        add("zz_Zzzz", tmp_path)


def test_entries_of_the_pack_that_are_behind_are_named_with_their_version(tmp_path: Path) -> None:
    shutil.copytree(CONTENT_FOLDER, tmp_path / "site")
    path = tmp_path / "site" / "en" / "uk.md"
    path.write_text(path.read_text().replace("They listen and tell you", "They hear you and say"))
    version = next(
        one.version
        for one in read_chapter(tmp_path / "site", "uk", "en").entries
        if one.id == "helpline"
    )
    behind = [line for line in update(tmp_path / "site") if line.startswith("th/uk.md")]
    assert f"helpline (of: {version})" in behind[0]


def test_catalogues_are_brought_to_the_english_of_today(tmp_path: Path) -> None:
    before = po_file("fr").read_bytes()
    path = tmp_path / "fr" / "messages.po"
    path.parent.mkdir()
    path.write_bytes(before.replace(b'msgid "Skip"', b'msgid "Skip it all"'))
    (lack,) = update(tmp_path)
    assert "1 messages" in lack
    after = path.read_bytes()
    assert b"Skip it all" not in after
    assert b'msgid "Skip"\nmsgstr ""' in after
    path.write_bytes(before)
    assert update(tmp_path) == []
    assert path.read_bytes() == before
