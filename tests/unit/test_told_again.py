"""What is asked and told after a restore: from where, and how what was had again ended."""

import asyncio
import base64
from contextlib import closing
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from contracts.model.answers import Acknowledgement, AckStatus
from contracts.model.identifiers import Id, MessageId, SystemUri
from contracts.model.inspection import Direction
from contracts.model.messages import MESSAGES
from contracts.model.messages.delivery import LinkHeartbeat
from contracts.model.questions import StandsAs
from contracts.model.recovery import Exchanged, ExchangedSince, GapKind, SentToAsker
from contracts.model.roles import Role
from contracts.record.canonical import canonical_bytes
from gxproof.in_process import make_identities, settings_for
from reference_impl.bootstrap import build
from reference_impl.link import recovering
from reference_impl.link.exchanged import exchanged_since
from reference_impl.records.journal import ORIGIN, Document, write_journal
from reference_impl.records.work import Actor, Cause
from reference_impl.store.database import Statement
from reference_impl.store.recovery_tables import recovery_gaps
from reference_impl.store.tables import links
from reference_impl.web.recovering import _take_over

MES = "urn:gxproof:mes"
NOW = datetime(2026, 3, 30, 9, tzinfo=UTC)
NEW = "019d427a-3b00-7d81-a35a-{:012x}"


@pytest.fixture
def system():
    """A warehouse in this process."""
    with closing(build(settings_for(Role.WMS, make_identities(), None), lambda _: None)) as made:
        yield made


# --- who is asked -----------------------------------------------------------------------------------


def written(system, count):
    """Rows in the journal. Returns: the hash of each, by its position."""
    with system.database.transaction() as connection:
        document = Document(Direction.SENT, "question", "mes/validate", MES, "", b"{}")
        return dict(write_journal(connection, document, NOW) for _ in range(count))


def asked(system, **known):
    question = ExchangedSince.model_validate({
        "own_position": 3, "own_hash": "c" * 64, "own_sequence": 0, **known,
    })
    actor = Actor(MES, MES, "mes", "link")
    with system.work(actor, Cause("question", "exchanged-since")) as work:
        return exchanged_since(work, question)


def test_it_is_told_behind_the_row_that_the_asker_knows(system):
    hashes = written(system, 5)
    page = asked(system, known_position=4, known_hash=hashes[4])
    assert (page.read_from, page.read_to, page.read_to_hash) == (4, 5, hashes[5])


@pytest.mark.parametrize(("position", "record_hash"), [
    (4, "d" * 64), (6, "d" * 64), (10**15 - 1, "d" * 64), (0, ORIGIN),
], ids=["another row", "beyond the end", "far beyond", "nothing is known"])
def test_it_is_told_from_the_first_row_where_the_asker_knows_another_journal(
    system, position, record_hash
):
    hashes = written(system, 5)
    page = asked(system, known_position=position, known_hash=record_hash)
    assert (page.read_from, page.read_to, page.read_to_hash) == (0, 5, hashes[5])


@pytest.mark.parametrize("member", ["own_position", "own_sequence", "known_position"])
def test_a_number_beyond_every_journal_is_no_question(system, member):
    with pytest.raises(ValidationError, match=member):
        asked(system, **{"known_position": 0, "known_hash": ORIGIN, member: 10**15})


def test_it_is_taken_down_where_the_journal_of_the_asker_ends(system):
    asked(system, known_position=0, known_hash=ORIGIN)
    with system.database.reading() as connection:
        row = connection.row(Statement(select(links)))
    assert (row["partner"], row["position"], row["record_hash"]) == (MES, 3, "c" * 64)


# --- who was restored -------------------------------------------------------------------------------


def heartbeat(number):
    """A heartbeat of MES, the n-th about its subject, as MES holds it."""
    message = MESSAGES["link-heartbeat"]
    message_id = MessageId(NEW.format(number))
    fact = LinkHeartbeat(
        heartbeat_id=Id(f"HB-{number}"), journal_position=number, record_hash="a" * 64, clock=NOW,
        station=Id("link"),
    )
    envelope = message.envelope(
        id=message_id, source=SystemUri(MES), type=message.type, subject="link/HB", time=NOW,
        dataschema=message.dataschema, sequence=f"{number:012}", subjectsequence=f"{number:012}",
        correlationid=Id("HB"), data=fact,
    )
    answer = Acknowledgement(
        status=AckStatus.ACCEPTED, message_id=message_id, recorded_at=NOW, journal_position=number,
        record_hash="b" * 64,
    )
    return SentToAsker(
        operation="wms/link-heartbeat", message_id=message_id, status=200,
        body=base64.b64encode(canonical_bytes(envelope.to_json())).decode(),
        answer=base64.b64encode(canonical_bytes(answer.to_json())).decode(),
        stands_as=StandsAs.POSTED,
    )


def recovered(system, *sent):
    """A recovery to its end. Returns: the kind and the words of what was had again."""
    with system.work(system.itself("link"), Cause("a restore", "R-1")) as work:
        recovering.begin(work, "2026-03-30T08:00:00.000000Z")
    page = Exchanged(
        sent=sent, received=(), read_from=0, read_to=9, read_to_hash="e" * 64, last_position=9,
        asker_position=0,
    )
    asyncio.run(_take_over(system, page))
    with system.work(system.itself("link"), Cause("a restore", "R-1")) as work:
        recovering.end_restore(work)
        rows = work.connection.rows(Statement(select(recovery_gaps)))
    return sorted((row["kind"], row["detail"]) for row in rows)


def test_what_waits_for_a_predecessor_is_not_called_had_again(system):
    assert recovered(system, heartbeat(2)) == [
        (GapKind.WAITING, "link-heartbeat waits here for its predecessor, POSTED at its sender")
    ]


def test_what_waited_and_was_posted_then_is_had_again(system):
    posted = (GapKind.OBTAINED, "link-heartbeat POSTED here, POSTED at its sender")
    assert recovered(system, heartbeat(2), heartbeat(1)) == [posted, posted]


def test_the_next_question_goes_on_where_the_page_ended(system):
    recovered(system)
    with system.work(system.itself("link"), Cause("a restore", "R-2")) as work:
        recovering.begin(work, "2026-03-30T08:00:00.000000Z")
        first = recovering.question(work.connection)
        recovering.note_page(work, Exchanged(
            sent=(), received=(), read_from=0, read_to=7, read_to_hash="f" * 64, last_position=9,
            asker_position=0,
        ))
        second = recovering.question(work.connection)
    assert (first.known_position, first.known_hash) == (0, ORIGIN)
    assert (second.known_position, second.known_hash) == (7, "f" * 64)
