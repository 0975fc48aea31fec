"""The questions that the line's agency asks, out of its signed site, kept in the vault.

With them comes in which countries it works: those of its emergency numbers, by which telephone
numbers without a country's code are read; and who read the console's languages
(``published_reviews``).

Asked for once a day at most: what a page of the site never asks for by itself tells the server
that an investigator reads for the line, or checks it. A question that the agency no longer asks is
not forgotten, since reports that answer it are still here.
"""

from dataclasses import dataclass, field

from app.client import site_files
from app.client.line_client import LineClient
from app.client.line_errors import LineRefused, NotSigned
from app.console.errors import ServerLies
from app.console.line import published_reviews
from app.console.line.published_reviews import KeptReviews
from app.console.rules.intake_labels import Intake, Labels
from app.console.vault import Transaction, Vault
from app.console.vault.collaboration import link_statements
from app.console.vault.installation import settings
from app.console.vault.installation.settings import Setting
from app.protocol.directory import Directory
from app.protocol.errors import ProtocolError
from app.protocol.site import Manifest
from app.reporter.errors import ContentError
from app.reporter.form import FORM, labels, regions
from app.sentences.translatable import said_by, say

_DAY = 86_400
_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Questionnaire(Setting):
    """The agency's questions, the version of its site, and when fetched (Unix seconds)."""

    NAME = "questionnaire"
    at: int = -_DAY
    version: int = 0
    questions: Labels = field(default_factory=dict)


def load(tx: Transaction) -> Intake:
    """Return the intake as it was last seen."""
    return Intake(settings.load(tx, Questionnaire).questions)


async def refresh(vault: Vault, client: LineClient, directory: Directory, now: int) -> None:
    """Fetch the agency's questions if a day has passed; without a form, what was there stays.

    Who has read which language is told by the site as it is: without one, by nobody.

    Raises ServerLies where the site is not the one that the agency signed, LineError.
    """
    with vault.read() as tx:
        kept = settings.load(tx, Questionnaire)
        reviews = settings.load(tx, KeptReviews)
    if now - kept.at < _DAY:
        return
    questions, version = dict(kept.questions), kept.version
    countries: tuple[str, ...] | None = None
    try:
        manifest = await _manifest(client, directory)
        path = f"{_LANGUAGE}/{FORM}"
        if manifest is None:
            reviews = KeptReviews()
        elif manifest.version >= version:
            version = manifest.version
            reviews = await published_reviews.fetched(client, manifest, reviews)
            if path in manifest.files:
                form = await site_files.fetch_file(client, manifest, path)
                fresh = labels(form)
                questions = fresh | {one: its for one, its in questions.items() if one not in fresh}
                countries = regions(form)
    except NotSigned:
        raise ServerLies(
            say(
                "The questions that the server shows are not those that this hotline's agency "
                "signed. They were not taken; call the agency."
            )
        ) from None
    except LineRefused as error:
        if error.status != 404:  # its site has no form
            raise
    except (ProtocolError, ContentError) as error:
        raise ServerLies(
            say(
                "The site that the server shows was not signed by this hotline's agency. {reason}",
                reason=said_by(error),
            )
        ) from None
    with vault.write() as tx:
        settings.store(tx, Questionnaire(now, version, questions))
        settings.store(tx, reviews)
        if countries is not None:
            link_statements.take_over_agency(tx, countries)


async def _manifest(client: LineClient, directory: Directory) -> Manifest | None:
    """Return what the site says of itself, None of a line that publishes none."""
    try:
        return await site_files.fetch_manifest(client, directory)
    except LineRefused as error:
        if error.status != 404:
            raise
        return None
