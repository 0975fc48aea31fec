"""Tables in docs/spec whose numbers and names come from elsewhere are as they say."""

import hashlib
import itertools
import json
import re
import unicodedata
from pathlib import Path

from mnemonic import Mnemonic

from app.protocol.bundles import few_readers
from app.protocol.receipt import LANGUAGES
from tests.spec import stranger

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "docs" / "spec"
DIST = ROOT / "app" / "reporter" / "client" / "dist"


def bare(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def test_the_words_that_lists_share_are_as_many_as_the_page_says() -> None:
    lists = {
        name: {bare(word): place for place, word in enumerate(Mnemonic(name).wordlist)}
        for name in LANGUAGES
    }
    counted = []
    for one, two in itertools.combinations(LANGUAGES, 2):
        shared = lists[one].keys() & lists[two].keys()
        same = sum(lists[one][word] == lists[two][word] for word in shared)
        if shared:
            counted.append((len(shared), same))
    said = re.findall(
        r"^\| [^|]+ and [^|]+ \| ([\d,]+) \| (\w+) \|$", page("receipt"), re.MULTILINE
    )
    shares = [(int(count.replace(",", "")), same) for count, same in said]
    as_number = {"none": 0, "1": 1}
    assert sorted(counted) == sorted((n, as_number.get(same, n)) for n, same in shares)


def _expanded(served: str) -> str:
    """Return a list as the page reads it: a digit, letters as in the word before, and the rest."""
    words = [""]
    for shared, rest in re.findall(r"(\d)(\D*)", served):
        words.append(words[-1][: int(shared)] + rest)
    return "".join(f"{word}\n" for word in words[1:])


def test_the_sites_lists_are_the_published_ones_in_nfc() -> None:
    other = []
    for name in LANGUAGES:
        published = "".join(f"{word}\n" for word in Mnemonic(name).wordlist)
        served = _expanded((DIST / f"words-{name}.txt").read_text())
        assert unicodedata.normalize("NFD", served) == published
        assert hashlib.sha256(published.encode()).hexdigest() in page("receipt")
        if served != published:
            other.append(name.capitalize())
    sentence = re.search(
        r"in NFC, as the words are shown: (.+?) have other hashes", page("receipt")
    )
    assert sentence is not None
    assert sorted(re.findall(r"[A-Z]\w+", sentence[1])) == sorted(other)


def test_every_member_of_our_vectors_is_on_the_first_page() -> None:
    members = json.loads((ROOT / "tests" / "vectors" / "quietline.json").read_bytes())
    for name in members.keys() - {"profile", "made_by"}:
        assert f"`{name}`" in page("README") or f"`{name}." in page("README"), name


def test_every_name_of_the_others_vectors_that_is_explained_is_there() -> None:
    names = set(re.findall(r'"([\w-]+)":', (ROOT / "tests" / "vectors" / "ql1.json").read_text()))
    table = page("README").split("| in the file |")[1].split("\n\n")[0]
    explained = {
        name
        for row in table.splitlines()[2:]
        for cell in re.findall(r"`([^`]+)`", row.split("|")[1])
        for name in re.split(r"\[\]\.|\.|…", cell.replace("[]", "[]."))
        if name.strip(".")
    }
    assert explained - names == set()


def page(name: str) -> str:
    return (SPEC / f"{name}.md").read_text()


def test_who_is_asked_where_few_can_read_is_what_the_table_says() -> None:
    text = (SPEC / "bundles.md").read_text()
    rows = text[text.index("| m, n |") :].splitlines()[:3]
    pairs, _, asked = ([cell.strip() for cell in row.split("|")[2:-1]] for row in rows)
    assert len(pairs) == 10
    for pair, answer in zip(pairs, asked, strict=True):
        members, live = map(int, pair.split(","))
        wanted = answer == "yes"
        assert few_readers(set(range(members)), set(range(live)) | {99}) is wanted
        assert stranger.must_ask(members, live) is wanted
