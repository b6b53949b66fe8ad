"""Changes of schemas and of the contract: which take less, which more, and what may be published."""

import json

import pytest
from typer.testing import CliRunner

from contracts.wire.compatibility import NoContract, compare_contracts, read_contract
from contracts.wire.publication import PUBLISHED
from contracts.wire.schema_changes import Effect, schema_changes
from features.contract_drafts import BREAKING, COMPATIBLE, draft
from gxproof.cli import app


@pytest.fixture(scope="module")
def published():
    return read_contract(PUBLISHED)


def effects(old, new):
    return {change.effect for change in schema_changes(old, new, old, new, "")}


@pytest.mark.parametrize(("old", "new", "effect"), [
    ({"type": "string"}, {"type": ["string", "null"]}, Effect.MORE),
    ({"type": "integer"}, {"type": "number"}, Effect.MORE),
    ({"type": "number"}, {"type": "integer"}, Effect.LESS),
    ({}, {"type": "string"}, Effect.LESS),
    ({"enum": ["A"]}, {"enum": ["A", "B"]}, Effect.MORE),
    ({"const": "A"}, {"enum": ["A", "B"]}, Effect.MORE),
    ({"enum": ["A", "B"]}, {"const": "A"}, Effect.LESS),
    ({"enum": ["A"]}, {}, Effect.MORE),
    ({"minLength": 1}, {"minLength": 2}, Effect.LESS),
    ({"minLength": 1}, {}, Effect.MORE),
    ({}, {"maximum": 9}, Effect.LESS),
    ({"maxItems": 9}, {"maxItems": 10}, Effect.MORE),
    ({"pattern": "a"}, {"pattern": "b"}, Effect.OTHER),
    ({"format": "date"}, {}, Effect.MORE),
    ({"uniqueItems": True}, {}, Effect.MORE),
    ({"additionalProperties": False}, {}, Effect.MORE),
    ({}, {"additionalProperties": False}, Effect.LESS),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"anyOf": [{"type": "string"}]},
     Effect.LESS),
    ({"allOf": [{"minLength": 1}]}, {"allOf": [{"minLength": 1}, {"maxLength": 3}]}, Effect.LESS),
    ({"items": {"type": "string"}}, {"items": {"type": "string", "maxLength": 3}}, Effect.LESS),
    ({"not": {"const": 1}}, {"not": {"const": 2}}, Effect.OTHER),
])
def test_what_a_change_does_to_the_documents_that_are_taken(old, new, effect):
    assert effects(old, new) == {effect}


def test_words_are_no_change_and_references_are_followed_once():
    node = {"properties": {"next": {"$ref": "#/$defs/Node"}}, "description": "one"}
    old = {"$defs": {"Node": node}, "$ref": "#/$defs/Node"}
    new = json.loads(json.dumps(old).replace('"one"', '"two"'))
    assert effects(old, new) == set()
    new["$defs"]["Node"]["required"] = ["next"]
    assert effects(old, new) == {Effect.LESS}


def test_the_contract_compared_with_itself_has_no_change(published):
    compared = compare_contracts(published, published)
    assert compared.changes == ()
    assert compared.is_allowed


@pytest.mark.parametrize("change", [*COMPATIBLE, *BREAKING])
def test_each_seeded_change_is_classified(published, change):
    minor = compare_contracts(published, draft(published, change, "1.1.0"))
    major = compare_contracts(published, draft(published, change, "2.0.0"))
    assert minor.changes
    assert bool(minor.breaking) is (change in BREAKING)
    assert minor.is_allowed is (change in COMPATIBLE)
    assert major.is_allowed


def test_at_least_fifteen_kinds_are_seeded():
    assert len(COMPATIBLE) >= 8
    assert len(BREAKING) >= 15
    assert not COMPATIBLE.keys() & BREAKING.keys()


def write(folder, documents):
    for name, content in documents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    return str(folder)


@pytest.mark.parametrize(("change", "version", "ended"), [
    ("a code is added", "1.1.0", 0), ("a code is removed", "1.1.0", 1),
    ("a code is removed", "2.0.0", 0),
])
def test_the_command_ends_as_it_judged(published, tmp_path, change, version, ended):
    new = write(tmp_path / "new", draft(published, change, version))
    out = tmp_path / "changes.json"
    done = CliRunner().invoke(app, ["contract", "diff", str(PUBLISHED), new, "--json", str(out)])
    assert done.exit_code == ended, done.output
    assert change.split()[1] in done.output
    written = json.loads(out.read_text())
    assert written["allowed"] is (ended == 0)
    assert len(written["changes"]) == 1


def test_a_folder_that_holds_no_contract_is_wrong_usage(tmp_path):
    with pytest.raises(NoContract, match=r"no openapi-mes\.json"):
        read_contract(tmp_path)
    (tmp_path / "codes.json").write_text("{")
    with pytest.raises(NoContract, match="cannot be read"):
        read_contract(tmp_path)
    done = CliRunner().invoke(app, ["contract", "diff", str(tmp_path), str(PUBLISHED)])
    assert done.exit_code == 2
