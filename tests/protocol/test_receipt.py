"""Receipt codes: one way to write, many forgiven ways to read, no wrong code taken."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.errors import BadReceipt
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import LANGUAGES, numbers_of, read_code, words_of
from app.protocol.secrets import Secret

ENTROPY = st.binary(min_size=16, max_size=16)
ONE = bytes.fromhex("f420d85612b3fdb46e3bd806bf8e77bd")


@given(ENTROPY, st.sampled_from(LANGUAGES))
def test_words_of_every_language_read_back(entropy: bytes, language: str) -> None:
    assert Secret(entropy) in read_code(words_of(entropy, language))


@given(ENTROPY, st.sampled_from(["english", "spanish", "french", "portuguese", "italian", "czech"]))
def test_case_marks_and_separators_are_forgiven(entropy: bytes, language: str) -> None:
    words = unicodedata.normalize("NFKD", words_of(entropy, language)).split()
    bare = ["".join(c for c in word if not unicodedata.combining(c)) for word in words]
    assert Secret(entropy) in read_code("  " + " - ,\n".join(w.upper() for w in bare) + ".")


@given(ENTROPY)
def test_numbers_read_back_in_any_digits_and_grouping(entropy: bytes) -> None:
    numbers = numbers_of(entropy)
    arabic = numbers.translate({ord(str(d)): chr(0x660 + d) for d in range(10)})
    full_width = numbers.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
    short = " ".join(str(int(n)) for n in numbers.split())
    for text in (numbers, arabic, full_width, short, numbers.replace(" ", ""), f"\u200e{numbers}"):
        assert read_code(text) == [Secret(entropy)]


def test_chinese_needs_no_spaces_and_all_readings_are_returned() -> None:
    # A code whose twelve characters stand in both Chinese lists with a good checksum in each is
    # rare; that both lists are tried is what can be seen here.
    simplified = words_of(ONE, "chinese_simplified")
    assert Secret(ONE) in read_code(simplified.replace(" ", ""))
    assert Secret(ONE) in read_code(words_of(ONE, "chinese_traditional").replace(" ", "　"))


def test_the_first_four_letters_are_enough() -> None:
    text = " ".join(word[:4] for word in words_of(ONE).split())
    assert read_code(text) == [Secret(ONE)]


def test_the_numbers_of_a_list_are_left_out() -> None:
    listed = "\n".join(f"{i}. {word}" for i, word in enumerate(words_of(ONE).split(), 1))
    assert read_code(listed) == [Secret(ONE)]
    assert read_code(listed.replace(". ", "")) == [Secret(ONE)]
    assert read_code(words_of(ONE).replace(" ", "\u200b")) == [Secret(ONE)]
    for between in (" ", ". ", ") ", "\u00a0"):
        listed = "   ".join(f"{i:>2}{between}{n}" for i, n in enumerate(numbers_of(ONE).split(), 1))
        assert read_code(listed) == [Secret(ONE)]


def test_digits_in_pairs_are_no_list_even_where_they_begin_like_one() -> None:
    pairs = "01 00 02 00 03 00 04 00 05 00 06 00 07 00 08 00 09 00 10 00 11 00 12 00"
    with pytest.raises(BadReceipt, match="together they are no code"):
        read_code(pairs)


def test_numbers_among_words_that_are_no_list_are_refused() -> None:
    listed = " ".join(f"{i} {word}" for i, word in enumerate(words_of(ONE).split(), 2))
    with pytest.raises(BadReceipt):
        read_code(listed)


def test_a_mistyped_word_is_named_with_near_words() -> None:
    words = words_of(ONE).split()
    words[4] = "divrt"
    with pytest.raises(BadReceipt, match="Word 5") as refused:
        read_code(" ".join(words))
    assert refused.value.position == 5
    assert refused.value.word == "divrt"
    assert "divert" in refused.value.suggestions


def test_a_wrong_number_is_named() -> None:
    numbers = numbers_of(ONE).split()
    numbers[2] = "2049"
    with pytest.raises(BadReceipt, match="Number 3"):
        read_code(" ".join(numbers))


@pytest.mark.parametrize("text", ["", "vintage almost", "1954 0055", words_of(ONE) + " over"])
def test_another_number_of_words_is_said(text: str) -> None:
    with pytest.raises(BadReceipt, match="12 words or numbers"):
        read_code(text)


def test_swapped_words_fail_the_checksum_in_words() -> None:
    words = words_of(ONE).split()
    words[0], words[1] = words[1], words[0]
    with pytest.raises(BadReceipt, match="order"):
        read_code(" ".join(words))


def test_secrets_do_not_print_and_are_wiped() -> None:
    identity = ReporterIdentity(Secret(ONE))
    shown = f"{identity.fetch_sk} {identity.fetch_sk!r} {[identity.fetch_sk]}"
    assert identity.fetch_sk.reveal().hex() not in shown
    assert shown.count("Secret(…)") == 3
    identity.wipe()
    assert identity.fetch_sk.reveal() == bytes(32)
    assert identity.mlkem_seed.reveal() == bytes(64)
