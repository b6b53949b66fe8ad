"""Drafts of a next edition of the contract: the published documents with one change each."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

_MES, _WMS = "openapi-mes.json", "openapi-wms.json"
_PICK = "schemas/pick-confirmed.json"
_CONFIRM = "/v1/operator/confirm-pick"
Documents = dict[str, Any]


def draft(published: Documents, change: str, version: str = "") -> Documents:
    """The published contract with the change that a phrase names; the original stays."""
    edited = _Edit(published)
    for edit in (COMPATIBLE | BREAKING)[change]:
        edit(edited)
    if version:
        for name in (_MES, _WMS):
            edited.of(name)["info"]["version"] = version
    return edited.documents


class _Edit:
    """Documents of which only those that are asked for are copied."""

    def __init__(self, published: Documents) -> None:
        self.documents = dict(published)

    def of(self, name: str) -> Any:
        """A document that may be changed."""
        self.documents[name] = deepcopy(self.documents[name])
        return self.documents[name]


_Do = Callable[[_Edit], object]


def _member(edit: Callable[[dict[str, Any], list[str]], object]) -> tuple[_Do, ...]:
    """A change of members of a message: of its properties and of those that are required."""

    def change(edited: _Edit) -> None:
        schema = edited.of(_PICK)
        edit(schema["properties"], schema["required"])

    return (change,)


def _answer(edit: Callable[[dict[str, Any]], object]) -> tuple[_Do, ...]:
    """A change of what an export of the WMS answers."""
    return (lambda e: edit(e.of(_WMS)["components"]["schemas"]["LotRow"]),)


def _path(edit: Callable[[dict[str, Any]], object]) -> tuple[_Do, ...]:
    return (lambda e: edit(e.of(_WMS)["paths"]),)


def _code(edit: Callable[[list[dict[str, Any]]], object]) -> tuple[_Do, ...]:
    return (lambda e: edit(e.of("codes.json")),)


def _needs_more(members: dict[str, Any], needed: list[str]) -> None:
    members["remark"] = {"type": "string"}
    needed.append("remark")


def _has_less(members: dict[str, Any], needed: list[str], name: str = "station") -> None:
    del members[name]
    needed.remove(name)


def _is_renamed(members: dict[str, Any], needed: list[str]) -> None:
    members["place"] = members.pop("toLocation")
    needed[needed.index("toLocation")] = "place"


COMPATIBLE: dict[str, tuple[_Do, ...]] = {
    "a message has one member more, which may be left out": _member(
        lambda members, _: members.update(remark={"type": "string"})),
    "a member of a message may be left out": _member(lambda _, needed: needed.remove("station")),
    "a member of a message takes any text": _member(
        lambda members, _: members["lot"].pop("pattern")),
    "an operation is guarded by one rule less": _path(
        lambda paths: paths[_CONFIRM]["post"]["x-business-rules"].pop()),
    "an answer leaves out a member that may be left out": _answer(
        lambda row: row["properties"].pop("gtin")),
    "an operation is added": _path(
        lambda paths: paths.update({"/v1/inspection/more": paths["/v1/inspection/clock"]})),
    "a query may be asked with one thing more": _path(
        lambda paths: paths["/v1/inspection/audit"]["get"]["parameters"].append(
            {"name": "until", "in": "query", "required": False, "schema": {"type": "string"}})),
    "a code is added": _code(lambda codes: codes.append({**codes[0], "code": "NEW_CODE"})),
    "a sentence for the operator is worded otherwise": _code(
        lambda codes: codes[0].update(sentence="Look at the address again.")),
    "a golden message is added": (lambda e: e.documents.update({"golden/one-more.json": None}),),
}
BREAKING: dict[str, tuple[_Do, ...]] = {
    "a message has one member more, which has to be there": _member(_needs_more),
    "a member of a message is removed": _member(_has_less),
    "a member of a message has another name": _member(_is_renamed),
    "a member of a message has another type": _member(
        lambda members, _: members["lineId"].update(type="integer")),
    "a member of a message has another pattern": _member(
        lambda members, _: members["container"].update(pattern="^[0-9]{20}$")),
    "a member of a message takes at most ten characters": _member(
        lambda members, _: members["lot"].update(maxLength=10)),
    "a message is removed": (lambda e: e.documents.pop(_PICK),),
    "an operation is removed": _path(lambda paths: paths.pop(_CONFIRM)),
    "an operation is called with another method": _path(
        lambda paths: paths.update({_CONFIRM: {"put": paths[_CONFIRM]["post"]}})),
    "an operation wants one parameter more": _path(
        lambda paths: paths["/v1/inspection/audit"]["get"]["parameters"].append(
            {"name": "until", "in": "query", "required": True, "schema": {"type": "string"}})),
    "an operation takes another media type": _path(
        lambda paths: paths[_CONFIRM]["post"]["requestBody"].update(
            content={"application/xml": {"schema": {"type": "object"}}})),
    "an operation is guarded by one rule more": _path(
        lambda paths: paths[_CONFIRM]["post"]["x-business-rules"].append("FRS-NEW-001")),
    "an answer has a member that no reader knows": _answer(
        lambda row: row["properties"].update(colour={"type": "string"})),
    "an answer may leave out what was always there": _answer(
        lambda row: row["required"].remove("lot")),
    "an answer leaves out what was always there": _answer(
        lambda row: _has_less(row["properties"], row["required"], "lot")),
    "a code is removed": _code(lambda codes: codes.pop(0)),
    "a code has another status": _code(lambda codes: codes[0].update(status=410)),
    "a golden message is removed": (
        lambda e: e.documents.pop("golden/pick-confirmed-accepted.json"),
    ),
}
