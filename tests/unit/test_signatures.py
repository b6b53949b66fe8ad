"""A signature belongs to one version of one record: transplants, altered members, changed bytes."""

import json
import random
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from contracts.model.commands import SignatureComponents
from contracts.model.inspection_signatures import BOUND
from contracts.model.messages.lot_status import SignatureManifest
from contracts.model.operations import OPERATIONS
from contracts.model.rules.signatures import SIGNED as SIGNED_OPERATIONS
from contracts.model.wire_model import WireModel
from contracts.record.digests import sha256
from features.signed_records import Signed
from reference_impl.records.signing import binding_of, content_of, holds

KINDS = ("lots", "deviations", "capas", "lab_results", "batch-record")
NOW = datetime(2026, 3, 30, 9, tzinfo=ZoneInfo("Europe/Zurich"))


def kept(number, draw):
    """A signature as the system keeps it, and the record that it is under."""
    record = (draw.choice(KINDS), f"REC-{draw.randrange(40)}", draw.randrange(1, 4))
    content = content_of({"record_id": record[1], "value": str(draw.randrange(5)), "none": None})
    manifest = SignatureManifest(
        signature_id=f"SIG-{number}", person_id=f"P-{draw.randrange(9)}",
        printed_name="Example Person", role="quality", meaning="Approved", signed_at=NOW,
    )
    row = {
        **manifest.model_dump(), "signed_at": "2026-03-30T09:00:00.000000+02:00",
        "record_type": record[0], "record_id": record[1], "record_version": record[2],
        "record_sha256": sha256(content.encode()),
    }
    return {**row, "binding": binding_of(row)}, record, content


def as_exported(row, record, content):
    names = dict(zip(BOUND, (
        "signature_id", "person_id", "printed_name", "role", "meaning", "signed_at", "record_type",
        "record_id", "record_version", "record_sha256",
    ), strict=True))
    signature = {wire: row[name] for wire, name in names.items()} | {"binding": row["binding"]}
    shown = dict(zip(("recordType", "recordId", "recordVersion"), record, strict=True))
    return Signed(signature, {**shown, "content": content})


def test_a_thousand_random_transplants_are_all_invalid():
    draw = random.Random(7)
    all_kept = [kept(number, draw) for number in range(200)]
    for row, record, content in all_kept:
        assert holds(row, record, content)
        assert not as_exported(row, record, content).faults()
    tried = 0
    while tried < 1000:
        (row, record, content), (_, other, other_content) = draw.sample(all_kept, 2)
        place = draw.choice([
            (other, other_content), (other, content), (record, other_content),
            ((*record[:2], record[2] + draw.randrange(1, 5)), content),
            ((draw.choice(KINDS), *record[1:]), content),
            ((record[0], other[1], record[2]), content),
        ])
        if place == (record, content):
            continue
        tried += 1
        assert not holds(row, *place), (row, place)
        assert as_exported(row, *place).faults(), (row, place)


@pytest.mark.parametrize("member", ["signature_id", "person_id", "printed_name", "role", "meaning",
                                    "signed_at"])
def test_a_signature_whose_own_members_were_altered_is_invalid(member):
    row, record, content = kept(1, random.Random(1))
    assert not holds({**row, member: f"{row[member]}x"}, record, content)
    assert as_exported({**row, member: f"{row[member]}x"}, record, content).faults()


def test_one_changed_byte_of_the_record_is_found():
    row, record, content = kept(1, random.Random(1))
    for at in range(len(content)):
        changed = content[:at] + chr(ord(content[at]) ^ 1) + content[at + 1:]
        assert not holds(row, record, changed)


def test_what_is_signed_is_canonical_and_has_published_names():
    content = content_of({"lot_id": "L", "second_value": None, "inner": [{"to_status": "A"}]})
    assert content == '{"inner":[{"toStatus":"A"}],"lotId":"L"}'
    assert json.loads(content_of({"orderId": "O"})) == {"orderId": "O"}


def carries_components(model):
    """Whether a command has components of a signature anywhere."""
    for field in model.model_fields.values():
        for part in parts_of(field.annotation):
            if part is SignatureComponents:
                return True
            if isinstance(part, type) and issubclass(part, WireModel) and carries_components(part):
                return True
    return False


def parts_of(annotation):
    inner = getattr(annotation, "__args__", ())
    return [annotation, *(part for one in inner for part in parts_of(one))]


def test_the_rule_about_signing_guards_every_operation_that_is_signed():
    found = {o.id for o in OPERATIONS.values() if o.body and carries_components(o.body)}
    assert set(SIGNED_OPERATIONS) == found
