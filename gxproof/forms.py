"""Forms that people fill in (TOML): written with what is known, read back when they are signed."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from contracts.model.instants import write_timestamp
from contracts.model.wire_model import WireModel
from contracts.record.bounded_files import read_bounded
from contracts.record.vulnerabilities import Ruling
from reports.baselines import ApprovalRefused

_TO_WRITE = {
    "baseline": ("changeId", "reason", "approvedBy", "meaning"),
    "assessment": ("reasoning", "decision", "approvedBy", "meaning"),
}
_CHOICE = {"decision": f"  # {', '.join(Ruling)}"}
M = TypeVar("M", bound=WireModel)


def form(kind: str, known: dict[str, Any], items: dict[str, str] | None = None) -> str:
    """A paper to be written by a person, as TOML: what is known, and what is still to be said."""
    lines = ["# Each text has at least five characters; the person named in approvedBy signs."]
    lines += [f"{name} = {text(value)}" for name, value in known.items()]
    unwritten = [name for name in _TO_WRITE[kind] if name not in known]
    lines += [f'{name} = ""{_CHOICE.get(name, "")}' for name in unwritten]
    if items:
        lines += ["", "[items]", *(f"{text(k)} = {text(items[k])}" for k in sorted(items))]
    return "\n".join(lines) + "\n"


def signed_now(file: Path, model: type[M]) -> M:
    """A form that was filled in, dated now. Raises: ApprovalRefused naming file and field."""
    return written(file, model, dated=True)


def written(file: Path, model: type[M], *, dated: bool = False) -> M:
    """What a person has written. Raises: ApprovalRefused naming file and field."""
    try:
        content = tomllib.loads(read_bounded(file).decode("utf-8"))
        if dated and "at" in content:
            raise ApprovalRefused(f"{file}: at: it is signed now; leave the time out")
        if dated:
            content["at"] = write_timestamp(datetime.now(UTC))
        return model.from_json(json.loads(json.dumps(content, default=str)))
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        why = str(first["msg"]).removeprefix("Value error, ")
        raise ApprovalRefused(f"{file}: {place}: {why}") from exc
    except OSError as exc:
        raise ApprovalRefused(f"{file} cannot be read: {exc.strerror}") from exc
    except (ValueError, RecursionError) as exc:
        raise ApprovalRefused(f"{file} is not TOML: {exc}") from exc


def text(value: object) -> str:
    """A value as TOML writes it."""
    return json.dumps(value, ensure_ascii=False)
