"""What Excel writes of people and places into remarks and formulas is taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reporter.cleaned_parts import parts_of
from tests.reporter.office.excel_parts import XLSX
from tests.reporter.office.office_parts import SHEET, package
from tests.reporter.test_cleaning import _examine

NOTE = "<r><rPr><b/></rPr><t>Distinctive Cell:</t></r><r><t>&#10;Look here.</t></r>"


CLOUD = "https://firm.example/personal/distinctive/Documents/[list.xlsx]Sheet1"


def _sheet(cells: str) -> bytes:
    """Return the workbook with cells of one's own, and a remark as Excel begins it."""
    sheet = f'<worksheet {SHEET}><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    comments = (
        f"<comments {SHEET}><authors><author>Distinctive</author><author>Distinctive Cell</author>"
        f'</authors><commentList><comment ref="A1" authorId="1"><text>{NOTE}</text></comment>'
        '<comment ref="A2" authorId="1"><text><t>Cell of another.</t></text></comment>'
        "</commentList></comments>"
    )
    return package(
        "xl/workbook.xml", XLSX | {"xl/worksheets/sheet1.xml": sheet, "xl/comments1.xml": comments}
    )


def test_a_remark_does_not_begin_with_the_name_that_excel_put_there(tmp_path: Path) -> None:
    found, copy = _examine(_sheet(""), tmp_path)
    assert found["cleaned"], found
    assert found["revealed"]["author"]
    (notes,) = (part for name, part in parts_of(copy).items() if "comments" in name)
    assert b"Distinctive" not in notes
    assert b"Author:" in notes
    assert b"Look here." in notes
    assert b"Cell of another." in notes
    again, _ = _examine(copy, tmp_path)
    assert not any(again["revealed"].values()), again


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ('CELL("filename",A1)', r"C:\Users\Distinctive\[list.xlsx]Sheet1"),
        ('CELL("dateiname")', CLOUD),
        ('INFO("directory")', "/srv/distinctive/"),
        ("B9", CLOUD),
        ("B9", r"C:\Users\Distinctive\[list.xlsx]Sheet1"),
    ],
)
def test_a_formula_does_not_say_where_the_file_lay(
    formula: str, result: str, tmp_path: Path
) -> None:
    cells = f'<c r="A1" t="str"><f>{formula}</f><v>{result}</v></c>'
    cells += '<c r="B1" t="str"><f>MID(CELL("filename"),40,9)</f><v>Sheet1</v></c>'
    found, copy = _examine(_sheet(cells), tmp_path)
    assert found["cleaned"], found
    assert found["revealed"]["other"]
    (sheet,) = (part for name, part in parts_of(copy).items() if "worksheets/sheet" in name)
    assert b"istinctive" not in sheet
    assert b">Sheet1<" in sheet
    again, _ = _examine(copy, tmp_path)
    assert not any(again["revealed"].values()), again
