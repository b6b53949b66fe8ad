"""A state narrowed to what mentions one run: a plant's history does not travel with each picture.

Source: ``State`` of the contract.
"""

from __future__ import annotations

import hashlib

from contracts.model.inspection_state import EXPORTS, OtherRows, State
from contracts.model.wire_model import WireModel


def narrowed(state: State, about: str) -> State:
    """The rows that mention ``about`` anywhere, and what all others come to."""
    shown: dict[str, WireModel] = {}
    others: list[OtherRows] = []
    for member, name in EXPORTS.items():
        export = getattr(state, member)
        if export is None:
            continue
        left, digest = 0, hashlib.sha256()
        kept: dict[str, tuple[WireModel, ...]] = {}
        for part, rows in _tables(export):
            texts = [row.model_dump_json(by_alias=True) for row in rows]
            kept[part] = tuple(
                row for row, text in zip(rows, texts, strict=True) if about in text
            )
            for text in texts:
                if about not in text:
                    digest.update(text.encode() + b"\n")
            left += len(rows) - len(kept[part])
        shown[member] = export.model_copy(update=kept)
        if left:
            others.append(OtherRows(export=name, rows=left, digest=digest.hexdigest()))
    return state.model_copy(update={**shown, "others": tuple(others)})


def _tables(export: WireModel) -> list[tuple[str, tuple[WireModel, ...]]]:
    """The members of an export that are rows."""
    members = ((name, getattr(export, name)) for name in type(export).model_fields)
    return [
        (name, value) for name, value in members
        if isinstance(value, tuple) and all(isinstance(row, WireModel) for row in value)
    ]
