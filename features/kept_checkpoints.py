"""What a scenario holds of checkpoints: notes read where they are kept, and copies of journals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from contracts.model.inspection import Journal
from contracts.model.roles import Role
from contracts.record.checkpoints import Checkpoint, NoCheckpoint, read_checkpoint
from contracts.record.digests import digest_of
from contracts.wire.clients import Answer
from contracts.wire.signed_notes import NoteNotVerified, open_note
from contracts.wire.system import CheckpointPlace
from features.bench import Bench
from features.claims import NotTested
from features.journal_chain import Link, Row


@dataclass(frozen=True)
class Rewritten:
    """A copy of a whole journal whose row ``position`` is another one."""

    role: Role
    position: int
    rows: list[Row]

    @property
    def hashes(self) -> list[str]:
        return [row["hash"] for row in self.rows]


@dataclass
class Kept:
    """What a scenario holds of checkpoints: notes, how many were there before, copies."""

    notes: dict[Role, tuple[bytes, ...]] = field(default_factory=dict)
    before: dict[Role, int] = field(default_factory=dict)
    copies: list[Rewritten] = field(default_factory=list)
    changed: dict[Role, list[bytes]] = field(default_factory=dict)
    cut: dict[Role, list[list[str]]] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)


def place_of(bench: Bench, role: Role) -> CheckpointPlace:
    """Where a system's checkpoints are kept. Raises: NotTested where nobody says."""
    place = bench.sut.checkpoints(role)
    if place is None:
        raise NotTested("the target does not say where its checkpoints are kept")
    return place


def kept_of(bench: Bench, role: Role) -> list[Checkpoint]:
    """All checkpoints at the place. Raises: AssertionError at the first that is not signed."""
    place = place_of(bench, role)
    return list(_read(place, place.notes(), role))


def of_scenario(bench: Bench, role: Role) -> list[Checkpoint]:
    """Those that were kept since time began to pass."""
    place, kept = place_of(bench, role), bench.part(Kept)
    return list(_read(place, kept.notes[role][kept.before[role]:], role))


def of_each_size(bench: Bench, role: Role) -> list[Checkpoint]:
    """One of each size."""
    return list({one.size: one for one in of_scenario(bench, role) if one.size}.values())


def _read(
    place: CheckpointPlace, notes: tuple[bytes, ...], role: Role
) -> Iterator[Checkpoint]:
    for note in notes:
        try:
            yield read_checkpoint(open_note(note, place.verifier))
        except (NoteNotVerified, NoCheckpoint) as exc:
            raise AssertionError(f"a checkpoint of {role.upper()}: {exc}") from exc


def passes(place: CheckpointPlace, note: bytes) -> bool:
    """Whether a note is a checkpoint that the system has signed."""
    try:
        read_checkpoint(open_note(note, place.verifier))
    except (NoteNotVerified, NoCheckpoint):
        return False
    return True


def whole_journal(bench: Bench, role: Role) -> list[Row]:
    """All rows as they are exported."""
    journal = bench.site.client(role).ask("journal", Journal)
    return [row.to_json() for row in journal.rows]


def rewritten(rows: list[Row], position: int) -> list[Row]:
    """The rows, with another key in one of them, and all from there on hashed anew."""
    copy = rows[: position - 1]
    before = copy[-1]["hash"] if copy else Link().hash
    for row in rows[position - 1:]:
        new = {**row, "previousHash": before}
        if row["position"] == position:
            new["key"] = f"{row['key']}-other"
        content = {name: v for name, v in new.items() if name not in ("hash", "body")}
        before = new["hash"] = digest_of(content)
        copy.append(new)
    return copy
