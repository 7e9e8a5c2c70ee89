"""What orouter is made of: `make sbom` writes it down, `make audit` looks for what is wrong.

The parts are the pins of requirements.txt and of the web UI's package-lock.json; licences of Python
packages are read from what is installed.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parents[1]
OUT = HERE / "build/sbom.cdx.json"
PIN = re.compile(r"^([\w.-]+)==(\S+)[^\n]*\n((?: +--hash=sha256:[0-9a-f]+[^\n]*\n)*)", re.MULTILINE)
ALLOWED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|0BSD|Unlicense|Zlib|CC0|CC-BY-4"
    r"|LGPL|Lesser General|BlueOak|Public Domain"
)
"""Licences under which a part may be used beside ours; psycopg's LGPL is linked, not changed."""
PIP_AUDIT = "pip-audit==2.9.0"


class Part(NamedTuple):
    """A package at one version, from one registry."""

    registry: str
    name: str
    version: str
    licence: str
    hashes: list[str]

    @property
    def purl(self) -> str:
        """Its name everywhere."""
        return f"pkg:{self.registry}/{self.name.replace('@', '%40')}@{self.version}"


def python_parts() -> Iterator[Part]:
    """The pins of requirements.txt."""
    text = (HERE / "requirements.txt").read_text(encoding="utf-8")
    for name, version, hashes in PIN.findall(text):
        yield Part("pypi", name, version, licence_of(name), re.findall(r"[0-9a-f]{64}", hashes))


def licence_of(name: str) -> str:
    """What an installed package says of its licence; empty if it is not installed here."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ""
    classifiers = [
        c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or () if "License" in c
    ]
    said = told.get("License-Expression") or ", ".join(classifiers) or told.get("License") or "?"
    return str(said).splitlines()[0][:80]


def ui_parts() -> Iterator[Part]:
    """What the web UI ships: development packages stay at home."""
    lock = json.loads((HERE / "admin-frontend/package-lock.json").read_text(encoding="utf-8"))
    for path, told in sorted(lock["packages"].items()):
        if path and not told.get("dev"):
            name = path.rpartition("node_modules/")[2]
            yield Part("npm", name, told["version"], str(told.get("license", "?")), [])


def sbom() -> dict[str, Any]:
    """A CycloneDX 1.5 document; the same for the same pins and SOURCE_DATE_EPOCH."""
    parts = list({part.purl: part for part in (*python_parts(), *ui_parts())}.values())
    made = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC)
    digest = hashlib.sha256("\n".join(part.purl for part in parts).encode()).hexdigest()
    serial = f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"
    text = (HERE / "orouter/__init__.py").read_text(encoding="utf-8")
    version = re.findall(r'__version__ = "(.+)"', text)[0]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "timestamp": made.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "component": {"type": "application", "name": "orouter", "version": version},
        },
        "components": [component(part) for part in parts],
    }


def component(part: Part) -> dict[str, Any]:
    """A part as CycloneDX tells it."""
    told: dict[str, Any] = {"type": "library", "bom-ref": part.purl, "purl": part.purl}
    told |= {"name": part.name, "version": part.version}
    if part.licence not in ("", "?"):
        told["licenses"] = [{"license": {"name": part.licence}}]
    if len(part.hashes) == 1:  # of several files, a hash says nothing of the one that is installed
        told["hashes"] = [{"alg": "SHA-256", "content": part.hashes[0]}]
    return told


def refused() -> list[Part]:
    """Parts whose licence is not one of those we know to be fine."""
    every = [*python_parts(), *ui_parts()]
    return [part for part in every if part.licence and not ALLOWED.search(part.licence)]


def scanned(*argv: str, folder: Path = HERE) -> tuple[dict[str, Any], str]:
    """A scanner's JSON, or nothing and why it could not ask."""
    if shutil.which(argv[0]) is None:
        return {}, f"{argv[0]} is not installed"
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - scanners of our choice
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = {}
    return (found, "") if isinstance(found, dict) and found else ({}, last_line(done.stderr))


def last_line(text: str) -> str:
    """What a program said at last."""
    return (text.strip().splitlines() or ["it said nothing"])[-1][:200]


def python_findings() -> tuple[list[str], str]:
    """Known vulnerabilities of the pins, and what could not be asked about."""
    uv = str(Path(sys.executable).parent / "uv")
    scan = ("tool", "run", "--quiet", "--from", PIP_AUDIT, "pip-audit", "--format", "json")
    pinned = ("--requirement", "requirements.txt", "--require-hashes", "--disable-pip")
    found, why_not = scanned(uv, *scan, *pinned)
    parts = found.get("dependencies", [])
    skipped = [part["name"] for part in parts if "skip_reason" in part]
    if skipped:
        why_not = f"{len(skipped)} of {len(parts)} parts are not known to the database it reached"
    known = [f"{part['name']}: {v['id']}" for part in parts for v in part.get("vulns", ())]
    return known, why_not


def ui_findings() -> tuple[list[str], str]:
    """The same of the web UI's packages."""
    ui = HERE / "admin-frontend"
    found, why_not = scanned("npm", "audit", "--omit=dev", "--json", folder=ui)
    if "vulnerabilities" not in found:
        return [], why_not or str(found.get("message") or found.get("error"))[:200]
    return sorted(found["vulnerabilities"]), ""


def audit() -> int:
    """Licences, then known vulnerabilities as far as their databases can be reached."""
    bad = [f"{part.name} {part.version}: {part.licence}" for part in refused()]
    told = {"licences": (bad, ""), "pip-audit": python_findings(), "npm audit": ui_findings()}
    for what, (findings, why_not) in told.items():
        print(f"{what}: {len(findings)} found" + (f"; not asked: {why_not}" if why_not else ""))
        for each in findings:
            print(f"  {each}")
    return int(any(findings for findings, _ in told.values()))


if __name__ == "__main__":
    if sys.argv[1:] == ["sbom"]:
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(json.dumps(sbom(), indent=1) + "\n", encoding="utf-8")
        print(OUT.relative_to(HERE))
    else:
        sys.exit(audit())
