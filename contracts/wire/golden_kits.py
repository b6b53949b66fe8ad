"""Golden messages about kits: put together, and opened."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contracts.model.codes import Code
from contracts.model.identifiers import Gtin14, Id, ItemName
from contracts.model.messages import MESSAGES
from contracts.model.messages.custody import Breaking
from contracts.model.messages.kits import KitAssembled, KitComponent, KitOpened
from contracts.model.roles import Role
from contracts.wire.golden import NOW, Cast, Golden, Step, message
from contracts.wire.golden_steps import Body, Row, goldens_of, not_taken, wrong_check_digit

_FORM = Code.SCHEMA_VIOLATION


def golden_kits() -> Iterator[Golden]:
    """All golden messages about kits."""
    yield from goldens_of("kit-assembled", _FORMS, _assembled)
    for to in MESSAGES["kit-opened"].receivers:
        yield from goldens_of("kit-opened", _FORMS, partial(_opened, to), to=to)


def _assembled(cast: Cast) -> Body:
    payload = KitAssembled(
        assembly_id=cast.id("ASSEMBLY"), order_id=cast.id("ORDER"), kit=_kit(cast),
        components=(_component(cast),), assembled_at=NOW, assembled_by=Id("p.packer"),
        station=Id("ST-1"),
    )
    return message(cast, "kit-assembled", payload, f"container/{payload.kit}")


def _opened(to: Role, cast: Cast) -> Body:
    payload = KitOpened(
        opening_id=cast.id("OPENING"), kit=_kit(cast), container=cast.sscc("tote"),
        lot_id=cast.id("LOT"), components=(_component(cast),), purpose=Breaking.RETURN,
        reason="box is dented", location_id=cast.id("RACK"), opened_at=NOW,
        opened_by=Id("p.packer"), station=Id("ST-1"),
    )
    return message(cast, "kit-opened", payload, f"container/{payload.kit}", to)


def _kit(cast: Cast) -> ItemName:
    return ItemName.of(Gtin14.complete("0952000000009"), f"KIT-{cast.suffix}")


def _component(cast: Cast) -> KitComponent:
    return KitComponent(
        unit=ItemName.of(cast.gtin(), "SN1"), lot_id=cast.id("LOT"), lot=cast.lot_number(),
        container=cast.sscc("full"),
    )


def _twice(cast: Cast, body: Body) -> tuple[Step, ...]:
    [one] = body["data"]["components"]
    return not_taken(_FORM, "data", "data.components", [one, one])(cast, body)


_FORMS: tuple[Row, ...] = (
    ("component-twice", "A component is named once.", _twice),
    ("without-components", "A kit is made of something.",
     not_taken(_FORM, "data.components", "data.components", [])),
    ("kit-without-serial", "A kit is one unit of its item.",
     not_taken(_FORM, "data.kit", "data.kit", "(01)09520000000094")),
    ("sscc-check-digit", "An SSCC with a wrong check digit is none.",
     wrong_check_digit("data.components[0].container", "data.components.0.container")),
    ("missing-member", "A required member is missing.",
     not_taken(_FORM, "data.kit", "data.kit", ...)),
)
