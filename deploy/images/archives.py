"""An image by buildah, as an OCI archive that is the same bytes whenever it is made of the same.

``podman load`` and ``docker load`` read it: beside OCI's index there is ``manifest.json``, which
Docker reads where it keeps its images in its old way.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

from deploy.release.source import Failed, run


def build(source: Path, context: Path, target: str, tag: str, moment: int, work: Path) -> Path:
    """Build a target of the Dockerfile from a folder of tars; return its OCI folder.

    Nothing of the machine's images is touched: they are built in ``work``. Raises Failed.
    """
    layout = work / "oci" / target
    layout.parent.mkdir(exist_ok=True)
    own = ("--root", work / "storage", "--runroot", work / "storage-run", "--storage-driver", "vfs")
    run(
        "buildah", *own, "build", "--quiet", "--pull=never",
        "--isolation", "chroot", "--format", "oci", "--timestamp", str(moment),
        "--identity-label=false", "--target", target, "--tag", tag,
        "--file", source / "Dockerfile", context,
    )  # fmt: skip
    run("buildah", *own, "push", "--quiet", "--format", "oci", tag, f"oci:{layout}:{tag}")
    run("buildah", *own, "rmi", "--all", "--force")
    return layout


def archive(layout: Path, into: Path, tag: str, moment: int) -> None:
    """Write an OCI folder as one tar, its files in the order of their names. Raises Failed."""
    index = json.loads((layout / "index.json").read_text())
    if len(index["manifests"]) != 1:
        raise Failed(f"{layout} has not one image: begin in an empty folder.")
    manifest = json.loads(_blob(layout, index["manifests"][0]["digest"]).read_text())
    docker = [
        {
            "Config": _name(manifest["config"]["digest"]),
            "RepoTags": [tag],
            "Layers": [_name(layer["digest"]) for layer in manifest["layers"]],
        }
    ]
    (layout / "manifest.json").write_text(json.dumps(docker))
    with tarfile.open(into, "w", format=tarfile.GNU_FORMAT) as packed:
        for path in sorted(layout.rglob("*")):
            entry = tarfile.TarInfo(str(path.relative_to(layout)))
            entry.mtime, entry.mode = moment, 0o755 if path.is_dir() else 0o644
            if path.is_dir():
                entry.type = tarfile.DIRTYPE
                packed.addfile(entry)
                continue
            entry.size = path.stat().st_size
            with path.open("rb") as opened:
                packed.addfile(entry, opened)


def _name(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


def _blob(layout: Path, digest: str) -> Path:
    return layout / _name(digest)
