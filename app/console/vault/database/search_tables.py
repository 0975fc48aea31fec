"""The tables of what is found and shown of texts and files.

The index, files' words, translations made here, previews.
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()

FINDABLE_TERMS = """CREATE VIRTUAL TABLE findable_terms USING fts5(
    terms, content='', contentless_delete=1, detail=full,
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co'")"""
"""Terms are cut by the console, so the tokenizer only parts them at spaces. Their texts are not
kept a second time."""

# Up to which row each kind of text has been read into the index.
findable_marks = Table(
    "findable_marks",
    metadata,
    Column("source", Text, primary_key=True),
    Column("row", Integer, nullable=False),
)

# What can be searched, by the row that it stands in; the terms are in findable_terms, under the
# same id.
findable = Table(
    "findable",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("row", Integer, nullable=False),
    Index("findable_case_id", "case_id"),
)

# What files say, in parts: of a file that was read there is one, at least.
file_words = Table(
    "file_words",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("file", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Index("file_words_file", "file", "place", unique=True),
)

# What a machine made of messages here: `target` is the language into which, `source` the one from
# which, `guessed` whether that was guessed; `by` names the models. An empty text: tried in vain.
translated_texts = Table(
    "translated_texts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message", Integer, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("guessed", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("translated_texts_message", "message", "target", unique=True),
    Index("translated_texts_case", "case_id"),
)

# What came of opening a file: the blurred picture of it, or why it failed, by which decoder; and
# how many milliseconds that took. `form` is how it was to be seen
# (app.console.vault.attachments.previews).
previews = Table(
    "previews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("file", Integer, nullable=False),
    Column("message", Integer),
    Column("case_id", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("sheet", Integer, nullable=False),
    Column("decoder", Text, nullable=False),
    Column("cost", Integer, nullable=False),
    Column("problem", Text),
    Column("png", LargeBinary),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Index("previews_file", "file", "form", "sheet", unique=True),
    Index("previews_cost", "form", "message", "cost"),
)
