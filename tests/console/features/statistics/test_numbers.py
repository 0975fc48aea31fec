"""Numbers are counted right, without names; plots equal their tables; exports are rounded."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text

from app.console.features.all_features import FEATURES
from app.console.features.statistics import chart_pictures, counting, rounding
from app.console.features.statistics.chart_pictures import Picture
from app.console.features.statistics.chart_shapes import WIDTH, Box, Drawing, Path, Words, draw
from app.console.features.statistics.counting import WEEK, Table, begin_of, tables
from app.console.features.statistics.rounding import FEW
from app.console.features.statistics.statistics_pages import NOTE, Plot
from app.console.features.statistics.storage.case_facts import Fact
from app.console.rules.htcds import standard
from app.console.rules.intake_labels import Intake
from app.console.viewer.child import fonts
from app.console.web.frame import Frame
from app.console.web.reader_languages import Languages
from app.console.web.render import make_templates
from app.sentences.language import english
from app.sentences.translatable import say
from tests.console.browser import Browser, opened
from tests.console.cases.cases_at_hand import some_cases, vault_of
from tests.console.running_line import DAY, NOW, Line

pytestmark = pytest.mark.anyio


def made(
    facts: list[Fact], weeks: int = 4, referred: tuple[tuple[str, str], ...] = ()
) -> dict[str, Table]:
    return {one.id: one for one in tables(facts, referred, weeks, NOW, Intake())}


def rows(table: Table) -> dict[str, int]:
    return {name: count for name, count in table.rows if count}


def test_of_signs_and_the_standards_fields_only_what_there_is_is_drawn() -> None:
    begin = begin_of(4, NOW)
    facts = [Fact(begin, None, None, "", "en", ("debt_bondage",), terms=frozenset())]
    found = made(facts)
    kinds = Plot.of(found["kinds"], english())
    drawn = [one.text for one in kinds.drawing.shapes if isinstance(one, Words)]
    assert "Debt bondage" in drawn
    assert "Isolation" not in drawn
    assert "Isolation" in kinds.none
    assert "Debt bondage" not in kinds.none
    assert len(kinds.none) + 1 == len(kinds.table.rows), "the table beside it has every row"
    outcomes = Plot.of(found["outcomes"], english())
    assert outcomes.none == (), "an outcome that nobody had is news"
    countries = Plot.of(found["standard-hte_country"], english())
    assert len(countries.none) == len(countries.table.rows) - 1


def test_cases_are_counted_by_week_wait_outcome_language_and_kind() -> None:
    begin = begin_of(4, NOW)
    facts = [
        Fact(begin, begin + DAY // 2, begin + WEEK, "referred", "es-MX", ("debt_bondage",), "mine"),
        Fact(begin + WEEK - 1, begin + WEEK + 2 * DAY, None, "", "es"),
        Fact(begin + 3 * WEEK, None, None, "", "en", ("debt_bondage", "isolation")),
        Fact(begin - 1, None, begin + 2 * WEEK, "", ""),
        Fact(begin - 1, None, None, "", ""),
    ]
    found = made(facts, referred=(("shelter", "done"), ("shelter", "done"), ("police", "offered")))
    assert [count for _, count in found["tips"].rows] == [2, 0, 0, 1]
    assert rows(found["answers"]) == {"Within a day": 1, "1 to 3 days": 1, "Not answered yet": 1}
    assert found["answers"].median == (pytest.approx(1.25, abs=0.01), 2)
    assert [count for _, count in found["backlog"].rows] == [4, 3, 2, 3]
    assert rows(found["outcomes"]) == {"Still open": 2, "Referred": 1}
    assert found["languages"].rows == (("Spanish", 2), ("English", 1))
    assert rows(found["kinds"]) == {"Debt bondage": 2, "Isolation": 1, "Not said": 1}
    assert rows(found["reporters"]) == {"About me": 1, "Not said": 2}
    assert rows(found["referrals"]) == {"Shelter: Done": 2, "Police: Offered": 1}


def test_cases_are_counted_in_the_terms_of_the_case_data_standard() -> None:
    def fact(**said: str) -> Fact:
        terms = (term for name, value in said.items() for term in standard().of(name, value))
        return Fact(NOW - DAY, None, None, "", "en", terms=frozenset(terms))

    found = made(
        [
            fact(made_to_do="farm, fishing", signs="debt_bondage"),
            fact(made_to_do="marriage", signs="forced_marriage", country="uk"),
            fact(signs="made-up"),
        ]
    )
    exploitation = found["standard-typeofexploitation"]
    assert rows(exploitation) == {"ForcedLabour": 1, "ForcedMarriage": 1, "Not said": 1}
    assert "not confirmed" in exploitation.note
    assert rows(found["standard-methodsofcontrol"]) == {"DebtBondage": 1, "Not said": 2}
    assert rows(found["standard-hte_country"]) == {"GB": 1, "Not said": 2}


def test_what_a_reporter_can_make_up_is_counted_and_never_said() -> None:
    evil = "maria-from-house-12"
    at = NOW - DAY
    found = made([Fact(at, None, None, "a-later-outcome", evil, (evil,), evil)])
    said = repr(found)
    assert "maria" not in said
    assert "later-outcome" not in said
    assert rows(found["languages"]) == rows(found["kinds"]) == {"Another": 1}
    assert rows(found["reporters"]) == rows(found["outcomes"]) == {"Another": 1}


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, 0), (1, FEW), (4, FEW), (5, 5), (7, 5), (8, 10), (102, 100), (103, 105)],
)
def test_small_groups_are_unnamed_and_the_rest_is_rounded(count: int, shown: int) -> None:
    table = Table("x", "X", "G", (("one", count),))
    assert rounding.rounded(table).rows == (("one", shown),)


def test_the_median_of_few_is_not_told() -> None:
    few = Table("x", "X", "G", (), median=(1.3, 4))
    enough = Table("x", "X", "G", (), median=(1.3, 12))
    assert rounding.rounded(few).median is None
    assert rounding.rounded(enough).median == (1.0, 10)


def test_bars_are_as_long_as_their_numbers() -> None:
    table = Table("x", "X", "G", (("one", 10), ("two", 5), ("none", 0), ("few", FEW)))
    bars = [one for one in draw(table, english()).shapes if isinstance(one, Box)]
    assert [round(one.width / bars[0].width, 2) for one in bars] == [1, 0.5, 0.25]
    standing = draw(
        Table("x", "X", "G", (("1 Nov 2026", 4), ("8 Nov 2026", 2)), counting.VERTICAL), english()
    )
    high = [one.height for one in standing.shapes if isinstance(one, Box)]
    assert high[0] == 2 * high[1]
    curve = draw(
        Table("x", "X", "G", (("1 Nov 2026", 0), ("8 Nov 2026", 3)), counting.LINE), english()
    )
    (line,) = [one for one in curve.shapes if isinstance(one, Path) and one.look == "curve"]
    assert line.points[0][1] > line.points[1][1], "more is higher"


def test_nothing_at_all_is_drawn_too() -> None:
    templates = make_templates("/root", FEATURES, Frame.of(FEATURES, practice=False))
    for table in made([]).values():
        drawing = draw(rounding.rounded(table), english())
        assert drawing.height > 0
        shapes = templates.get_template("statistics/_shapes.svg")
        assert shapes.make_module({"said_in": english()}).shapes(drawing)


async def filled(browser: Browser, cases: dict[str, int]) -> None:
    """So many more cases by language, straight into the vault; one of them has a name in it."""
    row = (
        "INSERT INTO cases (id, dh, mlkem, fetch, xwing, first_at, last_at,"
        " last_direction, snippet, lang, desks, answers, unread, files, home)"
        " VALUES (:id, '', '', '', '', :at, :at, 'in', 'Maria wrote', :lang, '[]', :said, 0, 0,"
        " 'support')"
    )
    with vault_of(browser).write() as tx:
        number = 0
        for lang, count in cases.items():
            for _ in range(count):
                number += 1
                said = '{"signs": "debt_bondage, isolation", "where": "House 12"}'
                given = {"id": f"{number:064x}", "at": NOW - DAY, "lang": lang, "said": said}
                tx.execute(text(row), given)


async def in_french(browser: Browser) -> None:
    page = (await browser.get("/numbers?weeks=4&language=fr")).text
    assert "/numbers/languages.svg?weeks=4&amp;language=fr" in page
    saved = await browser.get("/numbers/export.csv?weeks=4&language=fr")
    assert saved.content.startswith(b"\xef\xbb\xbf"), "a spreadsheet knows it for UTF-8"
    table = list(csv.reader(io.StringIO(saved.content.decode("utf-8-sig"))))
    assert table[0] == ["table", "group", "count", "Tableau (fr)", "Groupe (fr)", "Nombre (fr)"]
    assert next(row for row in table if row[1] == "Ukrainian")[:3] == [
        "By language",
        "Ukrainian",
        "fewer than 5",
    ]
    assert any(row[4:] == ["ukrainien", "moins de 5"] for row in table)
    assert not any(cell.startswith(tuple("=+-@")) for row in table for cell in row)
    svg = (await browser.get("/numbers/languages.svg?weeks=4&language=fr")).text
    assert "ukrainien" in svg
    assert "Ukrainian" in svg


def test_a_chart_from_the_right_is_mirrored_with_its_english_under_it() -> None:
    arabic = Languages().find("ar")
    assert arabic is not None
    table = Table("x", say("Referrals"), "G", ((counting.UNSAID, 10), (counting.OPEN, 5)))
    plain = draw(table, english(), beside=True)
    sheet = draw(table, arabic, beside=True)
    left = [one for one in plain.shapes if isinstance(one, Box)]
    right = [one for one in sheet.shapes if isinstance(one, Box)]
    assert [one.x for one in right] == [WIDTH - one.x - one.width for one in left]
    words = [one for one in sheet.shapes if isinstance(one, Words)]
    assert [one.text for one in words if one.small] == ["Not said", "Still open"]
    assert {one.direction for one in words if one.small} == {"ltr"}
    assert words[0].text == "لم يُذكر"
    assert words[0].direction == "rtl"


def test_a_picture_is_in_english_where_no_font_draws_its_script(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hindi = Languages().find("hi")
    assert hindi is not None
    table = Table("x", say("Referrals"), "G", ((counting.UNSAID, 10),))
    picture = Picture(table, say("Referrals"), NOTE)
    drawn: list[str] = []
    monkeypatch.setattr(chart_pictures, "draw", lambda *given, **how: _noted(drawn, *given, **how))
    here = chart_pictures.as_png(hindi, picture)
    assert "नहीं बताया" in drawn
    drawn.clear()
    monkeypatch.setattr(fonts, "FOLDERS", ())
    elsewhere = chart_pictures.as_png(hindi, picture)
    assert "Not said" in drawn
    assert drawn.index("Not said") > drawn.index("नहीं बताया"), "tried first, then given up"
    assert here != elsewhere


def _noted(drawn: list[str], *given: Any, **how: Any) -> Drawing:
    drawing = draw(*given, **how)
    drawn += [one.text for one in drawing.shapes if isinstance(one, Words) and not one.small]
    return drawing


async def test_the_page_has_a_table_equal_to_each_plot_and_exports_hide_the_few(
    line: Line,
) -> None:
    await some_cases(line, 1)
    async with opened(line) as browser:
        await browser.sign_in()
        await filled(browser, {"es": 12, "uk": 3, "x-maria": 1})
        page = (await browser.get("/numbers?weeks=4")).text
        assert "Maria" not in page
        assert "House 12" not in page
        assert "x-maria" not in page
        figures = re.findall(r"<figure.*?</figure>", page, re.S)
        assert len(figures) == 13
        for figure in figures:
            table = re.findall(r'<th scope="row">([^<]+)</th><td>(\d+)</td>', figure)
            label = re.search(r'role="img" aria-label="([^"]+)"', figure)
            assert label is not None
            assert table or "Nothing in this time" in figure
            for name, count in table:
                beside = count == "0" and "plot-none" in figure
                assert beside or f"{name} {count}" in label[1]
        languages = next(one for one in figures if "By language" in one)
        assert '<th scope="row">Ukrainian</th><td>3</td>' in languages, "exact on the page"
        assert "style=" not in page, "nothing inline, as the policy says"

        saved = await browser.get("/numbers/export.csv?weeks=4")
        assert "attachment" in saved.headers["content-disposition"]
        counts = {(row[0], row[1]): row[2] for row in csv.reader(io.StringIO(saved.text))}
        assert counts["By language", "Spanish"] == "10"
        assert counts["By language", "Ukrainian"] == "fewer than 5"
        assert counts["By language", "Another"] == "fewer than 5"
        assert counts["By kind of abuse", "Debt bondage"] == "15"
        assert not re.search(r"Maria|House 12|house-12|maria", saved.text)
        numbers = {value for value in counts.values() if value.isdecimal()}
        assert all(int(value) % 5 == 0 for value in numbers)

        svg = await browser.get("/numbers/languages.svg?weeks=4")
        assert "attachment" in svg.headers["content-disposition"]
        drawn = "".join(ET.fromstring(svg.text).itertext())
        assert "Ukrainian" in drawn
        assert "&lt;5" in svg.text
        assert "fewer than 5" in drawn
        assert not re.search(r">3<|>12<|http:(?!//www.w3.org/2000/svg)", svg.text)
        png = await browser.get("/numbers/languages.png?weeks=4")
        picture = Image.open(io.BytesIO(png.content))
        assert (picture.format, picture.width) == ("PNG", 1200)
        assert set(picture.info) <= {"transparency"}, "no date, no program's name"
        assert (await browser.get("/numbers/nothing.png")).status_code == 404
        await in_french(browser)
        assert (await browser.get("/numbers?weeks=-1")).status_code == 200


async def test_other_desks_cases_are_not_counted(line: Line) -> None:
    async with opened(line) as browser:
        await browser.sign_in()
        await filled(browser, {"es": 6})
        with vault_of(browser).write() as tx:
            tx.execute(text("UPDATE cases SET home = 'elsewhere'"))
        saved = await browser.get("/numbers/export.csv?weeks=4")
        assert "Spanish" not in saved.text
