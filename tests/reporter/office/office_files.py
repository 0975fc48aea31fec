"""Whole office files of the parts beside this."""

from __future__ import annotations

from tests.reporter.office.excel_parts import XLSX
from tests.reporter.office.office_parts import package
from tests.reporter.office.powerpoint_parts import PPTX
from tests.reporter.office.word_parts import CHARTED, DOCX

FILES = {
    "docx": package("word/document.xml", DOCX),
    "xlsx": package("xl/workbook.xml", XLSX),
    "pptx": package("ppt/presentation.xml", PPTX),
}
CHARTED_DOCX = package("word/document.xml", CHARTED)
