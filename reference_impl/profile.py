"""The site profile of a system: each limit that it runs with, and what that limit rests on.

The values are read from the settings themselves, so that none can be forgotten; ``profile.toml``
says of each by name why it is so, which risk it answers, who owns it, and who approved which value.
Source: URS-CHG-006.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from contracts.model.inspection_profile import ProfileValue, SiteProfile
from contracts.model.wire_model import member_name
from contracts.wire.signing import AGE_MAX_S
from reference_impl.settings import Settings
from reference_impl.store.database import Connection

# What names a system, its partners and its places is no limit; passwords are shown with their cost.
_NO_LIMITS = frozenset({
    "role", "identity", "partners", "partner_system", "partner_url", "database", "database_url",
    "test_mode", "password_cost", "editions", "checkpoints", "security_contact", "certificates",
    "time_server", "backups",
})
# Where the configuration calls a value otherwise than its settings.
_NAMES = {"scrap_verified_above": "scrapVerifiedAboveAmount"}


# implements FRS-CHG-001
# implements FRS-CHG-004
def show_profile(_: Connection, settings: Settings, __: int) -> SiteProfile:
    """Every value that this system runs with; what is not known of one is left empty."""
    known = _pedigrees()
    values = {**dict(_values(settings)), "signatureAgeMaxS": str(AGE_MAX_S)}
    return SiteProfile(rows=tuple(
        ProfileValue(name=name, value=value, **known.get(name, {}))
        for name, value in sorted(values.items())
    ))


def with_values(settings: Settings, values: Mapping[str, str]) -> Settings:
    """Settings with other values of the profile, by name. Raises: ValueError for an unknown one."""
    unknown = values.keys() - dict(_values(settings)).keys()
    if unknown:
        raise ValueError(f"no value of the profile is called {', '.join(sorted(unknown))}")
    changed: Settings = _replaced(settings, values, "")
    return changed


def _values(of: Any, above: str = "") -> Iterator[tuple[str, str]]:
    for member in _limits(of, above):
        value = getattr(of, member)
        if is_dataclass(value):
            yield from _values(value, f"{above}{member}_")
        else:
            yield _name(f"{above}{member}"), _text(value)


def _replaced(of: Any, values: Mapping[str, str], above: str) -> Any:
    changes: dict[str, Any] = {}
    for member in _limits(of, above):
        value, name = getattr(of, member), _name(f"{above}{member}")
        if is_dataclass(value):
            changes[member] = _replaced(value, values, f"{above}{member}_")
        elif name in values:
            changes[member] = type(value)(values[name])
    return replace(of, **changes)


def _limits(of: Any, above: str) -> Iterator[str]:
    for field in fields(of):
        if above or field.name not in _NO_LIMITS:
            yield field.name


def _name(path: str) -> str:
    return _NAMES.get(path, member_name(path))


def _text(value: int | str | Decimal | ZoneInfo) -> str:
    return value.key if isinstance(value, ZoneInfo) else str(value)


@cache
def _pedigrees() -> dict[str, dict[str, Any]]:
    text = Path(__file__).with_name("profile.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    approvals = content["approval"]
    return {
        name: {
            "approved_value": entry["value"], "rationale": entry["rationale"],
            "risk_item": entry["risk"], "owner": entry["owner"],
            **approvals[entry["approval"]], "change_id": entry["approval"],
        }
        for name, entry in content["value"].items()
    }
