"""The line itself: its signed directory and site, and whether any investigator can receive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from app.protocol.bundles import bundle_in_service
from app.protocol.directory import Directory
from app.protocol.wire import Bundle
from app.server.epochs.signed_directory import Refused, state_in_words
from app.server.epochs.signed_site import Site, read_site
from app.server.operations.doctor.findings import Finding, Notes, Unchecked
from app.server.settings import Settings

_DAY = 86_400
_BEGINS_WITHIN = dt.timedelta(days=3)
_AHEAD_DAYS = 3
"""A console makes bundles for 30 days at each sync; with fewer left it has not synced for long."""


def check_directory(directory: Directory, now: float) -> Notes:
    """Look at the directory's last day."""
    words = state_in_words(directory, dt.datetime.fromtimestamp(now, dt.UTC).date())
    if words is not None:
        yield Finding("directory", words)


def check_site(settings: Settings, directory: Directory) -> Notes:
    """Compare every file of the site with its signed manifest."""
    if settings.site_folder is None:
        yield Unchecked("site", "No site_folder is set: the site is not served from here.")
        return
    try:
        site = read_site(settings.site_folder, directory.line_id, directory.root, Site())
    except Refused as refused:
        yield Finding("site", str(refused))
        return
    listed = set(site.files)
    folder = settings.site_folder
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    if unsigned := sorted(there - listed):
        yield Finding(
            "site",
            f"The site's folder holds {unsigned[0]}, which was not signed and is not served: copy "
            "the site again as the agency made it.",
        )


def check_bundles(
    directory: Directory,
    newest: Mapping[bytes, Sequence[Bundle]],
    begun: Mapping[bytes, Sequence[Bundle]],
    now: float,
) -> Notes:
    """Look whom reporters can write to.

    A line whose directory is some days old and which has no bundle at all is only about to begin.
    By investigator's key: ``begun`` is the bundle that began last by now, ``newest`` the one that
    begins last of all.
    """
    age = dt.datetime.fromtimestamp(now, dt.UTC).date() - directory.issued
    if directory.active and not any(newest.values()) and age <= _BEGINS_WITHIN:
        yield Unchecked(
            "bundles",
            "No console has synced yet: until one has, reporters see every desk as closed. Look "
            "again afterwards.",
        )
        return
    live = set()
    for index in directory.active:
        one = directory.investigators[index]
        name = f'Investigator {index} ("{one.label}")'
        if bundle_in_service(begun.get(one.vk, ()), int(now)) is None:
            yield Finding(
                "bundles",
                f"{name} has no bundle, so nobody can write to them: their console must sync.",
            )
            continue
        live.add(index)
        ends = max(bundle.not_after for bundle in newest[one.vk])
        if ends < now + _AHEAD_DAYS * _DAY:
            yield Finding(
                "bundles",
                f"{name} has bundles for less than {_AHEAD_DAYS} days: their console must sync.",
            )
    if not directory.active:
        yield Finding("bundles", "No investigator is active: the agency must sign a directory.")
    for desk in directory.desks:
        if not live & set(desk.members):
            yield Finding(
                "desks",
                f'Desk "{desk.id}" has nobody who can receive, and is shown as closed: one of its '
                "members' consoles must sync, or the agency must change the desk.",
            )
