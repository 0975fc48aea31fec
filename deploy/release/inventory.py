"""What is in a release: bills of materials (CycloneDX) and the licences in them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from deploy.package.recipe import HOME
from deploy.release.source import Failed, run

# Packages whose metadata is silent or no expression; their licence was read in what they bring.
_READ = {
    "pypdfium2": "BSD-3-Clause, Apache-2.0, those of PDFium and its parts in its files",
    "sqlcipher3": "Zlib",
}


def python_bill(tools: Path, packages: Sequence[Path], work: Path) -> dict[str, Any]:
    """Return the bill of all Python packages in Debian packages, unpacked into a new folder.

    Of what lies there, not of the locks: those name other versions for another Python. Raises
    Failed.
    """
    work.mkdir(parents=True)
    for package in packages:
        run("dpkg-deb", "--extract", package, work / "unpacked")
    (theirs,) = (work / "unpacked" / HOME / "lib").glob("python3.*/site-packages")
    run(sys.executable, "-m", "venv", "--without-pip", work / "reader")
    (ours,) = (work / "reader" / "lib").glob("python3.*/site-packages")
    (ours / "packages.pth").write_text(f"{theirs}\n")
    reader = work / "reader" / "bin" / "python"
    text = run(tools / "cyclonedx-py", "environment", "--output-reproducible", reader)
    return _without_the_moment(json.loads(text))


def javascript_bill(client: Path) -> dict[str, Any]:
    """Return the bill of what the reporter's bundle is made of."""
    text = run("npm", "sbom", "--sbom-format", "cyclonedx", "--omit", "dev", cwd=client)
    return _without_the_moment(json.loads(text))


def debian_bill(listed: dict[str, list[dict[str, str]]]) -> dict[str, Any]:
    """Return the bill of the containers' images, from what their build listed by image.

    Licences of Debian's packages are in the images, in /usr/share/doc.
    """
    packages = {part["sha256"]: part for parts in listed.values() for part in parts}
    components = [
        {
            "type": "library",
            "name": part["name"],
            "version": part["version"],
            "purl": f"pkg:deb/debian/{part['name']}@{quote(part['version'])}"
            f"?arch={part['architecture']}",
            "hashes": [{"alg": "SHA-256", "content": part["sha256"]}],
            "properties": [
                {"name": "quietline:image", "value": image}
                for image, parts in sorted(listed.items())
                if part in parts
            ],
        }
        for part in sorted(packages.values(), key=lambda part: part["name"])
    ]
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}


def licences(*bills: dict[str, Any]) -> str:
    """Return a line for each part: name, version, licence. Raises Failed if a part has none."""
    lines = set()
    for bill in bills:
        for part in bill["components"]:
            found = sorted({_licence(each) for each in part.get("licenses", [])})
            if not found and part["name"] in _READ:
                found = [_READ[part["name"]]]
            if not found:
                raise Failed(f"{part['name']} {part['version']} does not say its licence.")
            lines.add(f"{part['name']} {part['version']}: {', '.join(found)}")
    return "\n".join(sorted(lines, key=str.lower)) + "\n"


def _licence(entry: dict[str, Any]) -> str:
    licence = entry.get("license", {})
    name = entry.get("expression") or licence.get("id") or licence.get("name") or "in its files"
    return str(name).splitlines()[0][:80]


def _without_the_moment(bill: dict[str, Any]) -> dict[str, Any]:
    bill.pop("serialNumber", None)
    bill.get("metadata", {}).pop("timestamp", None)
    return bill
