"""Is the tool itself installed as it was locked and built: interpreter, packages, own files."""

from __future__ import annotations

import base64
import hashlib
import platform
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, distributions
from importlib.resources import files
from pathlib import Path

from contracts.model.verdicts import State
from contracts.wire.publication import differences, rendered
from gxproof.installation.check import Context, InstallationCheck, Observed
from gxproof.installed import ROOMS, installed_packages, normal_name

_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_SHOWN_MAX = 5


def locked_packages() -> dict[str, str]:
    """Name and version of every package in the lock that ships with the product."""
    text = files("gxproof").joinpath("requirements.lock").read_text(encoding="utf-8")
    return {normal_name(name): version for name, version in _LOCKED.findall(text)}


def _interpreter(_: Context) -> Observed:
    seen = f"{platform.python_implementation()} {platform.python_version()}"
    findings = [] if sys.version_info >= (3, 11) else [f"{seen} is older than 3.11"]
    return Observed.of(findings, [f"{seen} on {platform.system()} {platform.machine()}"])


def _packages(_: Context) -> Observed:
    locked, installed = locked_packages(), installed_packages()
    wrong = [
        f"{name} is {installed.get(name, 'missing')}, locked is {version}"
        for name, version in sorted(locked.items()) if installed.get(name) != version
    ]
    foreign = sorted(set(installed) - set(locked))
    seen = [f"{len(locked)} packages locked, {len(installed)} installed"]
    if foreign and not wrong:
        reason = f"not in the lock: {', '.join(foreign)}"
        return Observed(State.INCONCLUSIVE, tuple(seen), reason)
    return Observed.of(wrong, seen)


def _package_files(_: Context) -> Observed:
    locked = locked_packages()
    count, findings = 0, []
    for found in distributions():
        if normal_name(found.metadata["Name"]) in locked:
            for path, expected in _recorded(found):
                count += 1
                if _digest(path) != expected:
                    findings.append(f"{found.metadata['Name']}: {path.name} differs from RECORD")
    seen = [f"{count} files of {len(locked)} packages compared with their RECORD"]
    if not count:
        return Observed(State.INCONCLUSIVE, tuple(seen), "nothing to compare")
    return Observed.of(findings, seen)


def _own_files(_: Context) -> Observed:
    own = distribution("gxproof")
    recorded = dict(_recorded(own))
    if not any(path.suffix == ".py" and path.parts[-2] in ROOMS for path in recorded):
        reason = "an editable installation has no RECORD of its files; install the wheel"
        return Observed(State.INCONCLUSIVE, (f"gxproof {own.version}, editable",), reason)
    findings = [f"{p.name} differs" for p, d in recorded.items() if _digest(p) != d]
    findings += [f"{p} was added" for p in _present(own) if p not in recorded]
    return Observed.of(findings, [f"gxproof {own.version}: {len(recorded)} files as built"])


def _owners(_: Context) -> Observed:
    owners: dict[str, set[str]] = defaultdict(set)
    for found in distributions():
        for path in found.files or ():
            if path.parts[0] in ROOMS:
                owners[path.parts[0]].add(found.metadata["Name"])
    editable = not owners
    findings = [
        f"{room} is owned by {' and '.join(sorted(owners[room])) or 'nobody'}"
        for room in ROOMS if len(owners[room]) != 1
    ]
    if editable:
        return Observed(State.INCONCLUSIVE, (), "an editable installation owns no files")
    return Observed.of(findings, [f"{room} belongs to {', '.join(owners[room])}" for room in ROOMS])


def _published(_: Context) -> Observed:
    findings = differences()
    if len(findings) > _SHOWN_MAX:
        findings = [*findings[:_SHOWN_MAX], f"and {len(findings) - _SHOWN_MAX} more"]
    return Observed.of(findings, [f"{len(rendered())} files compared with what the models give"])


def _recorded(found: Distribution) -> Iterator[tuple[Path, str]]:
    """Files that the RECORD of a distribution gives a SHA-256 for, with it."""
    for file in found.files or ():
        if file.hash is not None and file.hash.mode == "sha256":
            yield Path(str(file.locate())), file.hash.value


def _present(own: Distribution) -> Iterator[Path]:
    for room in ROOMS:
        root = Path(str(own.locate_file(room)))
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _digest(path: Path) -> str:
    try:
        raw = hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return "cannot be read"
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


TOOL_CHECKS: tuple[InstallationCheck, ...] = (
    InstallationCheck("IQ-01", "Interpreter", "CPython 3.11 or newer", _interpreter),
    InstallationCheck(
        "IQ-02", "Packages against the lock",
        "every locked package in its locked version, and no other package", _packages,
    ),
    InstallationCheck(
        "IQ-03", "Files of the packages",
        "every file as the package recorded it at installation, by SHA-256", _package_files,
    ),
    InstallationCheck(
        "IQ-04", "Files of this product",
        "every file as the wheel recorded it, none added, by SHA-256", _own_files,
    ),
    InstallationCheck(
        "IQ-05", "One owner for each import name",
        "no other package has files under the names of this product", _owners,
    ),
    InstallationCheck(
        "IQ-06", "Published contract", "equal to what the typed models generate", _published,
    ),
)
