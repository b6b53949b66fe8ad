"""A seeded draft of the next major version, and messages told in it.

The draft is made of the published contract by a few changes, so there is no second contract to
keep. With it the present version is N-1.
"""

from __future__ import annotations

from typing import Any

from contracts.model.editions import Edition
from contracts.model.messages import MESSAGES
from contracts.wire.compatibility import Comparison, compare_contracts

NEXT = Edition("2.0.0", {
    "pick-requested": {"requestId": "request"},
    "pick-confirmed": {"toLocation": "place", "quantity": "amount"},
    "lot-status-changed": {"toStatus": "status"},
})
AFTER_NEXT = Edition("3.0.0")


def told_in(edition: Edition, message: str, body: dict[str, Any]) -> dict[str, Any]:
    """A message of the present version as an edition tells it."""
    names = edition.names_of(message)
    kind = MESSAGES[message]
    return {
        **body, "type": edition.type_of(kind), "dataschema": edition.schema_of(kind),
        "data": {names.get(name, name): value for name, value in body["data"].items()},
    }


def compared_with(edition: Edition, published: dict[str, Any]) -> Comparison:
    """The published contract against the documents that the edition would publish."""
    documents = dict(published)
    for message, names in edition.renamed.items():
        name = f"schemas/{message}.json"
        schema = dict(published[name])
        schema["properties"] = {names.get(k, k): v for k, v in schema["properties"].items()}
        schema["required"] = [names.get(k, k) for k in schema["required"]]
        documents[name] = schema
    for name in ("openapi-mes.json", "openapi-wms.json"):
        info = {**published[name]["info"], "version": edition.version}
        documents[name] = {**published[name], "info": info}
    return compare_contracts(published, documents)
