"""Having a language reviewed: a page for who grew up with it, and taking in what comes back.

    page, sentences = review_page(folder, "fr", today=day)
    returned = opened(folder, data)                   # the file that came back, checked
    weighed = weigh(folder, returned)                 # what it says of the texts as they are now
    accept(folder, returned, weighed, taken, passphrase=Secret(b"..."), today=day)

Changes are shown one by one before they are taken; that is ``app.cli``'s work.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.agency.errors import AgencyError, Suspicious
from app.agency.folder import AgencyFolder
from app.agency.latest_directory import check_today
from app.agency.returned_review import CHANGE, FINE, WRONG, ReturnedReview, read_returned
from app.agency.review_coverage import sentences
from app.agency.review_records import Review, covered_by, read_records, write_record
from app.agency.site import site_content
from app.agency.text_changes import Change, problem_of, put_in_place
from app.protocol.secrets import Secret
from app.reporter.catalogue import SOURCE_LANGUAGE
from app.reporter.errors import SiteError
from app.reporter.review_kit.kit_page import make_console_kit, make_kit
from app.reporter.review_kit.reviewed_sentences import Sentence


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a file says of the texts as they are now: which are fine, and what else is wanted.

    ``refused`` are changes that cannot be made, with the reason; ``stale`` counts the answers about
    sentences that are not there, or not as they were.
    """

    fine: tuple[Sentence, ...]
    changes: tuple[Change, ...]
    refused: tuple[tuple[Sentence, str, str], ...]
    wrong: tuple[tuple[Sentence, str], ...]
    stale: int


def review_page(
    folder: Path,
    code: str,
    *,
    today: dt.date,
    others: Sequence[Sentence] = (),
    everything: bool = False,
) -> tuple[bytes, int]:
    """Return the page for a reviewer, and how many sentences it has.

    They are those that no review covers, or all of them; ``others`` are sentences beside the
    pages. Raises AgencyError: no such language, or nothing left to review.
    """
    agency = AgencyFolder(folder)
    if code == SOURCE_LANGUAGE:
        raise AgencyError("English is what the others are made from: there is nothing beside it.")
    content = site_content(agency, (code,))
    wanted = [*sentences(agency, content, code), *others]
    if not everything:
        covered = covered_by(read_records(agency), code)
        wanted = [one for one in wanted if one.hash not in covered]
    if not wanted:
        raise AgencyError("Every sentence is reviewed as it is now. --all shows them again.")
    try:
        return make_kit(content, code, wanted, today), len(wanted)
    except SiteError as error:
        raise AgencyError(f"The page cannot be made: {error}") from None


def console_review_page(
    folder: Path,
    code: str,
    sentences: Sequence[Sentence],
    *,
    today: dt.date,
    everything: bool = False,
) -> tuple[bytes, int]:
    """Return the page for a reviewer of what the console says, and how many sentences it has.

    They are those of ``sentences`` that no review covers, or all. Raises AgencyError: none left.
    """
    agency = AgencyFolder(folder)
    covered = frozenset() if everything else covered_by(read_records(agency), code)
    wanted = [one for one in sentences if one.hash not in covered]
    if not wanted:
        raise AgencyError("Every sentence is reviewed as it is now. --all shows them again.")
    line = agency.line()
    return make_console_kit(line.line_id, line.name, code, wanted, today), len(wanted)


def opened(folder: Path, data: bytes) -> ReturnedReview:
    """Read a file that came back for this line. Raises AgencyError, Suspicious."""
    returned = read_returned(data)
    if returned.line_id != AgencyFolder(folder).line().line_id:
        raise Suspicious("This review was made for another line. Nothing was taken.")
    return returned


def weigh(folder: Path, returned: ReturnedReview, others: Sequence[Sentence] = ()) -> Weighed:
    """Set the answers beside the sentences as they are now. Raises AgencyError.

    These are the pages' and the ``others``; of a review of the console, the ``others`` alone.
    """
    agency = AgencyFolder(folder)
    code = returned.language
    now = list(others)
    if not returned.of_console:
        now = [*sentences(agency, site_content(agency, (code,)), code), *now]
    by_hash: dict[str, list[Sentence]] = {}
    for one in now:
        by_hash.setdefault(one.hash, []).append(one)
    fine: list[Sentence] = []
    changes: list[Change] = []
    refused: list[tuple[Sentence, str, str]] = []
    wrong: list[tuple[Sentence, str]] = []
    for hash_, answer in returned.answers.items():
        for one in by_hash.get(hash_, []):
            if answer.say == FINE or (answer.say == CHANGE and answer.words == one.text):
                fine.append(one)
            elif answer.say == WRONG:
                wrong.append((one, answer.words))
            elif why := problem_of(one, answer.words):
                refused.append((one, answer.words, why))
            else:
                changes.append((one, answer.words))
    stale = sum(hash_ not in by_hash for hash_ in returned.answers)
    return Weighed(tuple(fine), tuple(changes), tuple(refused), tuple(wrong), stale)


def accept(
    folder: Path,
    returned: ReturnedReview,
    weighed: Weighed,
    taken: Sequence[Change],
    *,
    passphrase: Secret,
    today: dt.date,
) -> Review:
    """Put the changes that were taken in place, sign what is reviewed by it, and return that.

    What was not taken, or is wrong, is covered no more. Raises WrongPassphrase; AgencyError where a
    change cannot be made, and then nothing is; Suspicious as ``check_today``.
    """
    agency = AgencyFolder(folder)
    check_today(agency, today)
    seed = agency.root_key().open(passphrase)
    covered = {one.hash for one in weighed.fine}
    covered |= {replace(one, text=text).hash for one, text in taken}
    doubted = [*(one for one, _ in weighed.changes), *(one for one, _ in weighed.wrong)]
    doubted += [one for one, _, _ in weighed.refused]
    put_in_place(agency, taken)
    review = Review(
        language=returned.language,
        reviewer=returned.reviewer,
        covered=frozenset(covered),
        refused=frozenset(one.hash for one in doubted) - covered,
    )
    signed = write_record(agency, review, today=today, seed=seed)
    seed.wipe()
    return signed
