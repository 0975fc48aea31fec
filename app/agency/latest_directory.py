"""The directory that an agency signed last, beside its folder as it is and the date of today.

Nothing here signs: that is ``ceremonies``.
"""

import datetime as dt
import hashlib
from pathlib import Path

from app.agency import signing
from app.agency.errors import Suspicious
from app.agency.folder import AgencyFolder
from app.protocol.directory import Directory, open_directory
from app.protocol.errors import ProtocolError


def last_directory(agency: AgencyFolder) -> Directory | None:
    """Return the directory signed last, if any. Raises Suspicious where it does not verify."""
    last = agency.directory_file()
    if last is None:
        return None
    try:
        return open_directory(last, agency.line().line_id)
    except ProtocolError:
        raise Suspicious(
            "directory.json in this folder does not verify. Put the directory that your server "
            "publishes in its place, so that versions go on growing."
        ) from None


def check_today(agency: AgencyFolder, today: dt.date) -> None:
    """Refuse a date that the directory signed last contradicts; an offline clock is often wrong.

    What is signed on a wrong day is good for too long, or for no time. Raises Suspicious for a date
    before that directory's day, and for one after all of its time (and 14 days of grace).
    """
    last = last_directory(agency)
    if last is not None and today < last.issued:
        raise Suspicious(
            f"This computer's date, {today}, is before {last.issued}, when the last directory was "
            "signed. Set the date right. If that directory was dated wrongly, sign a new one with "
            "--date-is-right. Nothing was changed."
        )
    if last is not None and last.state(today) == "expired":
        raise Suspicious(
            f"By this computer's date, {today}, the last directory ended on {last.expires}. If the "
            "date is wrong, set it right: what is signed with it would be good for too long. If it "
            "is right, sign a new directory with --date-is-right. Nothing was changed."
        )


def is_signed(folder: Path) -> bool:
    """Say whether the directory signed last says what the folder says: nothing changed since.

    Raises AgencyError; Suspicious as ``last_directory``.
    """
    agency = AgencyFolder(folder)
    last = last_directory(agency)
    if last is None:
        return False
    content = content_of(agency, last.version, last.issued)
    return hashlib.sha256(content).digest() == last.hash


def content_of(agency: AgencyFolder, version: int, issued: dt.date) -> bytes:
    """Return what would be signed of the folder as it is."""
    texts, members = agency.texts(), agency.members()
    # Former members stay in their desks: their consoles still read what waits.
    desk_members = {
        desk: [
            index
            for index, member in enumerate(members)
            if desk in member.desks and member.investigator.status != "compromised"
        ]
        for desk in texts.desk_ids()
    }
    return signing.directory_bytes(
        line_id=agency.line().line_id,
        version=version,
        issued=issued,
        chain=agency.root_key().chain,
        investigators=[member.investigator for member in members],
        members=desk_members,
        texts=texts,
    )
