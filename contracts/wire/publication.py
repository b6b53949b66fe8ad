"""What a vendor downloads: every published file, made from the typed models and nothing else.

The files are frozen in ``contracts/published/v1``; a test fails when what is made differs from
what is published.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from contracts.model.codes import MEANINGS, Code, Meaning
from contracts.model.messages import MESSAGES
from contracts.model.roles import Role
from contracts.model.rules import RULES
from contracts.wire.asyncapi import asyncapi_document
from contracts.wire.golden import Golden
from contracts.wire.golden_adjustments import golden_adjustments
from contracts.wire.golden_custody import golden_custody
from contracts.wire.golden_delivery import golden_delivery
from contracts.wire.golden_dispensing import golden_dispensing
from contracts.wire.golden_flows import golden_flows
from contracts.wire.golden_kits import golden_kits
from contracts.wire.golden_lot_status import golden_lot_status
from contracts.wire.golden_master_data import golden_master_data
from contracts.wire.golden_packing import golden_packing
from contracts.wire.golden_picks import golden_picks
from contracts.wire.golden_receipts import golden_receipts
from contracts.wire.golden_segregation import golden_segregation
from contracts.wire.json_schemas import envelope_schema, payload_schema
from contracts.wire.openapi import openapi_document
from contracts.wire.vendor_page import signature_example, vendor_page

PUBLISHED = Path(__file__).parents[1] / "published" / "v1"


def publish(folder: Path) -> list[Path]:
    """Write every published file into ``folder``; other files there are left alone.

    Returns: the files in the order of their names. Raises: OSError.
    """
    files = rendered()
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return [folder / name for name in files]


def rendered() -> dict[str, bytes]:
    """Every published file by its name, in the order of the names; the same bytes each time."""
    goldens = golden_messages()
    example = signature_example(goldens[0])
    documents: dict[str, Any] = {
        **{f"openapi-{role}.json": openapi_document(role) for role in Role},
        **{f"schemas/{m.name}.json": payload_schema(m) for m in MESSAGES.values()},
        **{f"golden/{golden.name}.json": golden.to_json() for golden in goldens},
        "schemas/envelope.json": envelope_schema(),
        "asyncapi.json": asyncapi_document(),
        "codes.json": _codes(),
        "rules.json": _rules(),
        "signature-example.json": example.to_json(),
    }
    files = {name: _bytes(document) for name, document in documents.items()}
    files["index.md"] = vendor_page(goldens, example).encode()
    return dict(sorted(files.items()))


def differences(folder: Path = PUBLISHED) -> list[str]:
    """What in ``folder`` is not as it is made now, one sentence per file; empty when all is."""
    made = rendered()
    present = _present(folder)
    found = [f"{name} is not published" for name in made if name not in present]
    found += [f"{name} is published and is no part of the contract" for name in present
              if name not in made]
    found += [f"{name} differs from the models" for name in made
              if name in present and (folder / name).read_bytes() != made[name]]
    return sorted(found)


def golden_messages() -> tuple[Golden, ...]:
    """All golden messages; the first is a good one. Names are unique."""
    return (
        *golden_picks(), *golden_lot_status(), *golden_receipts(), *golden_dispensing(),
        *golden_packing(),
        *golden_custody(),
        *golden_kits(),
        *golden_adjustments(),
        *golden_master_data(),
        *golden_segregation(),
        *golden_delivery(),
        *golden_flows(),
    )


def _present(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def _codes() -> list[dict[str, Any]]:
    return [{"code": code.value, **_meaning(MEANINGS[code])} for code in Code]


def _meaning(meaning: Meaning) -> dict[str, Any]:
    return {**asdict(meaning), "actor": meaning.actor.value}


def _rules() -> list[dict[str, Any]]:
    return [
        {
            "id": rule.id,
            "requirement": rule.requirement,
            "text": rule.text,
            "code": rule.code.value,
            "sentence": rule.sentence,
            "guards": list(rule.guards),
        }
        for rule in RULES
    ]


def _bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
