"""What a message that a system has received says in EPCIS, by the mapping of the contract."""

from __future__ import annotations

import base64
from typing import Any

from contracts.formats.epcis_mapping import events_of
from contracts.formats.epcis_site import Gln, Site
from contracts.model.messages import MESSAGES
from contracts.model.roles import Role
from contracts.record.strict_json import read_json
from features.bench import Bench
from features.snapshots import growth

_SITE = Site(gln=Gln("9521321000018"), root="https://example.com/site")


def steps_told(
    bench: Bench, role: Role, message: str, event: str
) -> list[tuple[str, str, str | None, str | None]]:
    """Step, disposition, read point and business location of the events of a received message.

    It is the message about ``event`` that came since the picture. Raises: AssertionError.
    """
    assert bench.before is not None, "no picture was taken"
    for row in reversed(growth(bench.site, bench.before, role).journal):
        if row.kind != "message" or row.operation != f"{role}/{message}":
            continue
        envelope = MESSAGES[message].envelope.from_json(read_json(base64.b64decode(row.body)))
        if envelope.data.business_key == event:
            return [_shown(told.members) for told in events_of(envelope, _SITE)]
    raise AssertionError(f"{role.upper()} received no {message} about {event}")


def place_uri(location_id: str) -> str:
    """How a place is named in those events."""
    return _SITE.place(location_id)


def _shown(members: Any) -> tuple[str, str, str | None, str | None]:
    def place(name: str) -> str | None:
        return (members.get(name) or {}).get("id")

    return (
        members["bizStep"], members.get("disposition", ""), place("readPoint"),
        place("bizLocation"),
    )
