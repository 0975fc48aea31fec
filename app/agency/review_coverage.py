"""Which languages may be published, and which must admit that not all of them was reviewed.

    states = review_states(agency, content)      # one for each language but English
    as_published(content, states, published)     # or AgencyError

A language is covered when every sentence of it, as it is now, was found right by a review that a
root of this line signed. One that is not is published only if it stood on the site before, or if
site.toml says ``unreviewed = true`` of it; and then its pages say so (docs/adr/0092).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.agency.errors import AgencyError
from app.agency.folder import AgencyFolder
from app.agency.review_records import Review, covered_by, read_records
from app.reporter.catalogue import SOURCE_LANGUAGE, language_of
from app.reporter.content import UNREVIEWED, SiteContent
from app.reporter.errors import SiteError
from app.reporter.review_kit.reviewed_sentences import DESK, Sentence, sentences_of
from app.reporter.review_kit.sentence_purposes import purposes


@dataclass(frozen=True, slots=True)
class ReviewState:
    """A language: how many sentences it has, and which of them no review covers."""

    code: str
    total: int
    uncovered: tuple[Sentence, ...]

    def says(self, folder: object) -> str:
        """Return a sentence about it for whoever publishes the site."""
        name = f"{language_of(self.code).name} ({self.code})"
        if not self.uncovered:
            return f"{name}: covered: all {self.total} sentences are reviewed as they are now."
        return (
            f"{name}: {len(self.uncovered)} of {self.total} sentences unreviewed, and its pages "
            f"say so. `quietline agency review {folder} {self.code}` makes a page for a reviewer."
        )


def sentences(agency: AgencyFolder, content: SiteContent, code: str) -> list[Sentence]:
    """Return everything that reporters read of the line in a language, desks included.

    Raises AgencyError, naming the file to mend.
    """
    try:
        return [*sentences_of(content, code), *_desks(agency, code)]
    except SiteError as error:
        raise AgencyError(f"The language {code} cannot be read: {error}") from None


def review_states(
    agency: AgencyFolder, content: SiteContent, records: Sequence[Review] | None = None
) -> list[ReviewState]:
    """Return the state of each language that ``content`` holds, without English.

    Raises AgencyError; Suspicious for a record that this line did not sign.
    """
    records = read_records(agency) if records is None else records
    found = []
    for code in content.languages:
        if code != SOURCE_LANGUAGE:
            covered, said = covered_by(records, code), sentences(agency, content, code)
            left = tuple(one for one in said if one.hash not in covered)
            found.append(ReviewState(code, len(said), left))
    return found


def as_published(
    content: SiteContent, states: Iterable[ReviewState], files: Iterable[str]
) -> SiteContent:
    """Return content whose pages admit what was not reviewed.

    ``files`` are the paths of the site that was signed last: what stands there stays, and what
    stood there leads on. Raises AgencyError for a language that must not be published yet.
    """
    stood = _pages_by_tag(files)
    offered = {language_of(code).tag for code in content.languages}
    unreviewed = {one.code: one for one in states if one.uncovered}
    for code, state in unreviewed.items():
        if stood[language_of(code).tag] > 1 or code in content.unreviewed_allowed:
            continue
        raise AgencyError(
            f"{language_of(code).name} ({code}) is new, and no review covers "
            f"{len(state.uncovered)} of its {state.total} sentences. Have it reviewed: `quietline "
            f"agency review FOLDER {code}`. Or take it out of `languages` in site.toml. Or write "
            f"there, at the end, [language.{code}] and on the next line {UNREVIEWED} = true: then "
            "it is published, and its pages say that nobody has checked all of it."
        )
    return replace(
        content,
        unreviewed=frozenset(unreviewed),
        taken_away=tuple(sorted(stood.keys() - offered)),
    )


def _pages_by_tag(files: Iterable[str]) -> Counter[str]:
    """Count a site's pages by language; one that was taken away has one, which leads on."""
    pages = {path for path in files if path.endswith("/index.html")}
    tags = {path.removesuffix("/index.html") for path in pages if path.count("/") == 1}
    return Counter(tag for path in pages if (tag := path.split("/")[0]) in tags)


def _desks(agency: AgencyFolder, code: str) -> list[Sentence]:
    tag, purpose = language_of(code).tag, purposes().of_text_beside(DESK)
    found = []
    for desk in agency.texts().desks:
        for name, texts in (("name", desk.name), ("about", desk.about)):
            if tag in texts and SOURCE_LANGUAGE in texts:
                place = (DESK, desk.id, name)
                found.append(Sentence(code, place, texts[SOURCE_LANGUAGE], texts[tag], purpose))
    return found
