"""One case with all that its page needs, read in one view of the vault."""

from collections.abc import Callable
from dataclasses import dataclass

from app.console.cases import own_templates, speakers
from app.console.cases.origin import Origin, origin
from app.console.cases.speakers import Speakers
from app.console.line.trusted_line import TrustedLine
from app.console.rules.answer_templates import OwnText
from app.console.rules.merge import CaseState
from app.console.rules.passed import CaseLayers
from app.console.vault import Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.files import File
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import AuditEvent, Custody
from app.console.vault.records import case_lists, cases, drafts, messages, notes, to_transfer
from app.console.vault.records.case_lists import Listed
from app.console.vault.records.cases import Spoken
from app.console.vault.records.drafts import Draft, NoteDraft
from app.console.vault.records.messages import Message
from app.console.vault.records.notes import PrivateNote
from app.console.vault.records.to_transfer import PendingTransfer
from app.console.vault.search import translated_texts
from app.console.vault.search.translated_texts import Translated

HISTORY = 200

EventWords = Callable[[AuditEvent], str | None]
"""Says what an event of the custody log was, None for one that it does not know."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is now: the case, what its home desk says, what is kept for oneself."""

    listed: Listed
    layers: CaseLayers
    state: CaseState
    known: TrustedLine
    now: int
    messages: list[Message]
    files: list[File]
    draft: Draft | None
    draft_files: list[File]
    own_templates: tuple[OwnText, ...]
    translated: list[Translated]
    private: list[PrivateNote]
    note_draft: NoteDraft
    transfer: PendingTransfer | None
    history: list[AuditEvent]
    custody: Custody
    merged: list[str]
    answers_merged: dict[str, dict[str, str]]
    """What the reporter of each case merged into this one, or into one of those, chose."""
    unassessed: list[Spoken]
    labels_in_use: list[str]
    unsure: bool
    origin: Origin | None
    speakers: Speakers
    suggested: str
    """Who is offered as its owner (a key): speaks its language, and has the fewest cases."""
    vault: Vault
    words: tuple[EventWords, ...]
    """Of features: what they say of events that they noted."""
    linked: tuple[str, ...]
    """Of features: the cases that this one may be a duplicate of."""

    @classmethod
    def load(
        cls,
        vault: Vault,
        known: TrustedLine,
        listed: Listed,
        now: int,
        *,
        unsure: bool,
        words: tuple[EventWords, ...] = (),
        linked: tuple[str, ...] = (),
    ) -> "Case":
        """Read everything of a case at once."""
        id_ = listed.id
        with vault.read() as tx:
            layers = cases.layers(tx, id_, listed.home)
            spoken = speakers.load(tx, known)
            return cls(
                listed=listed,
                layers=layers,
                state=layers.view(),
                known=known,
                now=now,
                messages=messages.messages_of(tx, id_),
                files=files.of_case(tx, id_),
                draft=drafts.find(tx, id_),
                draft_files=files.of_draft(tx, id_),
                own_templates=own_templates.load(tx),
                translated=translated_texts.of_case(tx, id_),
                private=notes.of_case(tx, id_),
                note_draft=drafts.note(tx, id_),
                transfer=to_transfer.find(tx, id_),
                history=audit_log.of_case(tx, id_, HISTORY),
                custody=audit_log.custody(tx, id_),
                merged=cases.merged_here(tx, id_),
                answers_merged=cases.answers_merged(tx, id_),
                unassessed=cases.unassessed(tx, id_),
                labels_in_use=[label for label, _ in case_lists.labels(tx)],
                unsure=unsure,
                origin=origin(tx, id_),
                speakers=spoken,
                suggested="" if listed.owner else spoken.suggested(tx, listed),
                vault=vault,
                words=words,
                linked=linked,
            )

    @property
    def id(self) -> str:
        """The case's id, 64 hex digits."""
        return self.listed.id

    def desks(self) -> list[str]:
        """Return own desks at which the case can be worked on: the reporter's choices first."""
        own = self.known.own_desks()
        return [desk for desk in own if desk in self.listed.desks] or own
