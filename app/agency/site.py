"""The reporter's site: rendered, signed, and put in place in one step.

    written = write_site(folder, out, passphrase=Secret(b"..."), today=day)

What the pages say comes from ``app.reporter``, and from the folder's ``site/`` (emergency numbers,
helplines, questions), which the agency edits. Every file's SHA-256 stands in manifest.json, which
the root key signs (spec: site). ``out`` may be served while it is replaced.
"""

import datetime as dt
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.agency import signing
from app.agency.console_coverage import published_reviews
from app.agency.errors import AgencyError, Suspicious
from app.agency.folder import AgencyFolder
from app.agency.latest_directory import check_today
from app.agency.published_desks import published_desks
from app.agency.review_coverage import as_published, review_states
from app.agency.screen_recordings import listening_remarks
from app.files.whole_folders import put_in_place
from app.files.writing import PUBLIC, open_new, sync_file, sync_folder
from app.protocol.errors import BadSignature, ProtocolError
from app.protocol.line import Line
from app.protocol.secrets import Secret
from app.protocol.site import MANIFEST, Manifest, open_manifest
from app.reporter.build import render_site
from app.reporter.content import SiteContent, load_content
from app.reporter.entries import Signers
from app.reporter.errors import SiteError
from app.reporter.infopack import remarks
from app.reporter.review_kit.console_reviews import FILE as CONSOLE_REVIEWS

Progress = Callable[[str, int, int], None]
"""Told a step in words, how many files are done and how many there are."""

Render = Callable[[Line, Path, dt.date], Mapping[str, bytes]]
"""Makes every file of the site, by path, from the line, the folder of its content and the day."""


@dataclass(frozen=True, slots=True)
class WrittenSite:
    """What now stands in place: the manifest's version, number of files, bytes in all."""

    version: int
    files: int
    size: int


def render_reporter_site(
    line: Line,
    content: Path,
    today: dt.date,
    signers: Signers | None = None,
    prepare: Callable[[SiteContent], SiteContent] | None = None,
) -> Mapping[str, bytes]:
    """Return the site as ``app.reporter`` makes it; ``signers`` may have checked its entries.

    ``prepare`` may change what was read. Raises AgencyError, naming the file to mend.
    """
    try:
        loaded = load_content(line.line_id, line.name, content, signers=signers)
        return render_site(prepare(loaded) if prepare else loaded, today)
    except SiteError as error:
        raise AgencyError(f"The site cannot be made: {error}") from None


def rendered(agency: AgencyFolder, today: dt.date) -> Mapping[str, bytes]:
    """Return the site as it would be made of a folder today.

    Raises AgencyError, also for a new language that nobody has reviewed; Suspicious where the
    manifest that was signed last does not verify.
    """
    last = _last_manifest(agency)
    reviews = published_reviews(agency)
    pages = render_reporter_site(
        agency.line(),
        agency.site_content(),
        today,
        _signers(agency),
        lambda content: as_published(
            replace(content, desks=published_desks(agency.path, agency.line())),
            review_states(agency, content),
            last.files if last else (),
        ),
    )
    return {**pages, CONSOLE_REVIEWS: reviews} if reviews else pages


def site_content(agency: AgencyFolder, languages: tuple[str, ...] | None = None) -> SiteContent:
    """Return what the folder's ``site/`` holds, in these languages or in those it offers.

    What its information pack says was checked counts if a root of this line signed it. Raises
    AgencyError, naming the file to mend.
    """
    line, folder = agency.line(), agency.site_content()
    try:
        content = load_content(line.line_id, line.name, folder, languages, _signers(agency))
        return replace(content, desks=published_desks(agency.path, line))
    except SiteError as error:
        raise AgencyError(f"The site cannot be made: {error}") from None


def site_remarks(folder: Path, today: dt.date) -> list[str]:
    """Return what the operator should know of the site's texts, in sentences.

    These are how far each language was reviewed, questions that are asked in English, recordings
    that are left out, and the information pack's unconfirmed and old entries. Raises AgencyError.
    """
    agency = AgencyFolder(folder)
    content = site_content(agency)
    chapters = (one for local in content.local.values() for one in local.chapters)
    lacking = [f"Asked in English: {one}" for one in _lacking(content)]
    return [
        *(state.says(folder) for state in review_states(agency, content)),
        *lacking,
        *listening_remarks(content, today),
        *remarks(chapters, today),
    ]


def _lacking(content: SiteContent) -> list[str]:
    """Return what languages lack of the questions: the first of each language, and how many."""
    return [
        local.lacking[0]
        if len(local.lacking) == 1
        else f"{local.lacking[0]} So are {len(local.lacking) - 1} more."
        for local in content.local.values()
        if local.lacking
    ]


def write_site(
    folder: Path,
    out: Path,
    *,
    passphrase: Secret,
    today: dt.date,
    progress: Progress | None = None,
    render: Render | None = None,
) -> WrittenSite:
    """Render and sign the site and make it stand at ``out``.

    Raises WrongPassphrase; AgencyError where ``out`` holds something that is not such a site, or
    for a new language that nobody has reviewed; Suspicious as ``check_today``. What stood at
    ``out`` stays untouched and complete until the new site is complete beside it.
    """
    agency = AgencyFolder(folder)
    out = out.absolute()
    _check_replaceable(out)
    check_today(agency, today)
    seed = agency.root_key().open(passphrase)
    line = agency.line()
    last = _last_manifest(agency)
    version = last.version + 1 if last else 1
    pages = (
        render(line, agency.site_content(), today)
        if render is not None
        else rendered(agency, today)
    )
    manifest = signing.sign_manifest(
        signing.manifest_bytes(
            line_id=line.line_id,
            version=version,
            issued=today,
            files={path: hashlib.sha256(data).hexdigest() for path, data in pages.items()},
        ),
        seed,
    )
    seed.wipe()
    out.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(out)
    new = Path(tempfile.mkdtemp(prefix=_prefix(out), dir=out.parent))
    try:
        _write_all({**pages, MANIFEST: manifest}, new, progress)
        # Kept before the swap: a crash between the two wastes a number and never uses one twice.
        agency.write_manifest(manifest)
        put_in_place(new, out)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return WrittenSite(version, len(pages) + 1, sum(map(len, pages.values())) + len(manifest))


def _signers(agency: AgencyFolder) -> Signers:
    """Every root of the line so far: who hands the root key on does not check everything anew."""
    return Signers(agency.line().line_id, frozenset(agency.known_roots()))


def _check_replaceable(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise AgencyError(f"{out} is not a folder: choose another place for the site.")
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise AgencyError(
            f"{out} holds something that is not a site (it has no {MANIFEST}), and would be "
            "removed: choose an empty or a new folder."
        )


def _last_manifest(agency: AgencyFolder) -> Manifest | None:
    """Return the one signed last, if any. A root that was rotated out may have signed it."""
    data = agency.manifest_file()
    if data is None:
        return None
    for root in agency.known_roots():
        try:
            return open_manifest(data, agency.line().line_id, root)
        except BadSignature:
            continue  # another root of this line, or of none
        except ProtocolError:
            break
    raise Suspicious(
        f"{MANIFEST} in this folder does not verify. Put the one that your site publishes in "
        "its place, so that versions go on growing."
    )


def _write_all(pages: Mapping[str, bytes], folder: Path, progress: Progress | None) -> None:
    folder.chmod(0o755)
    made = {folder}
    for done, (name, data) in enumerate(pages.items(), start=1):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        made.add(path.parent)
        with open_new(path, PUBLIC) as file:
            file.write(data)
            sync_file(file)
        if progress:
            progress("Writing the site", done, len(pages))
    for one in made:
        sync_folder(one)


def _prefix(out: Path) -> str:
    return f".{out.name}.new-"


def _remove_leftovers(out: Path) -> None:
    """Remove what an earlier run that was cut short left beside ``out``."""
    for leftover in out.parent.glob(_prefix(out) + "*"):
        shutil.rmtree(leftover, ignore_errors=True)
