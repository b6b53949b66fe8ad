"""Checkpoints of both journals, kept outside: read there, judged by the judge's own tree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import combinations, pairwise

from pytest_bdd import given, parsers, then, when

from contracts.model.codes import Code
from contracts.model.inspection import Journal, Version
from contracts.model.inspection_checkpoints import Checkpoints, ConsistencyProof, InclusionProof
from contracts.model.instants import read_timestamp
from contracts.model.operations import JSON, OPERATIONS
from contracts.model.ports import HttpRequest
from contracts.model.roles import Role
from contracts.record.checkpoints import journal_origin
from contracts.record.digests import digest_of
from contracts.wire.signing import sign
from features.bench import Bench
from features.claims import equal, holds
from features.journal_chain import Link, first_fault
from features.journal_tree import (
    consistency_path,
    fault_by_checkpoints,
    is_consistent,
    is_included,
    tree_root,
)
from features.kept_checkpoints import (
    Kept,
    Rewritten,
    kept_of,
    of_each_size,
    of_scenario,
    passes,
    place_of,
    rewritten,
    whole_journal,
)
from features.steps.switching_off import Switching

INTERVAL = timedelta(minutes=15)
_METHODS = ("POST", "PUT", "PATCH", "DELETE")
_ROWS: dict[str, Callable[[int], str]] = {
    "rows from nought": lambda end: "0-1",
    "rows in the wrong order": lambda end: f"{end}-{end - 1}",
    "rows behind the last one": lambda end: f"1-{end + 1000}",
    "rows that are no numbers": lambda end: "first-last",
}


@given("15 minutes have passed, with the work of both systems")
def a_quarter_has_passed(bench: Bench) -> None:
    """Each system has done its work at the end of them."""
    let_time_pass(bench, 15, 15)


@when(parsers.re(
    r"(?P<minutes>[0-9]+) minutes pass, with the work of both systems every (?P<step>[0-9]+) "
    r"minutes"
))
def minutes_pass_with_work(bench: Bench, minutes: str, step: str) -> None:
    """The site's clock goes on in steps, and each system does what is due."""
    let_time_pass(bench, int(minutes), int(step))


def let_time_pass(bench: Bench, minutes: int, step: int) -> None:
    """Work at the present instant, and after each step of the minutes."""
    kept = bench.part(Kept)
    kept.before = {role: len(place_of(bench, role).notes()) for role in Role}
    bench.site.settle(bench.now)
    for _ in range(minutes // step):
        bench.site.settle(bench.now + timedelta(minutes=step))
    kept.notes = {role: place_of(bench, role).notes() for role in Role}


# --- kept outside -------------------------------------------------------------------------------


@then("each system has kept a checkpoint at least every 15 minutes of them")
def kept_in_time(bench: Bench) -> None:
    """No gap between two of them, or to the end, is longer."""
    for role in Role:
        times = [one.at for one in of_scenario(bench, role)]
        holds(bool(times), f"{role.upper()} has kept no checkpoint")
        gaps = [later - earlier for earlier, later in pairwise([*times, bench.now])]
        bench.recorder.observe(f"{role.upper()}: {len(times)} checkpoints, longest gap {max(gaps)}")
        holds(max(gaps) <= INTERVAL, f"{role.upper()} kept none for {max(gaps)}")


@then("each checkpoint is signed for its journal, and none is smaller than the one before")
def signed_and_growing(bench: Bench) -> None:
    """By the key of the system, for the journal of the system."""
    for role in Role:
        found = of_scenario(bench, role)
        origin = journal_origin(bench.site.client(role).ask("version", Version).system)
        equal({one.origin for one in found}, {origin}, f"journals of {role.upper()}")
        sizes = [one.size for one in found]
        equal(sizes, sorted(sizes), f"sizes of {role.upper()}")
        bench.recorder.observe(f"{role.upper()}: {sizes[0]} to {sizes[-1]} rows")


@then("each system shows the checkpoints that the place outside keeps")
def shown_as_kept(bench: Bench) -> None:
    """All of them, byte for byte, with what they say."""
    for role in Role:
        shown = bench.site.client(role).ask("checkpoints", Checkpoints)
        notes = tuple(row.note.encode() for row in shown.rows)
        equal(len(notes), len(place_of(bench, role).notes()), f"checkpoints of {role.upper()}")
        holds(notes == place_of(bench, role).notes(), f"{role.upper()} shows other checkpoints")
        holds(shown.interval_s <= INTERVAL.total_seconds(), f"interval {shown.interval_s} s")
        for row, one in zip(shown.rows, kept_of(bench, role), strict=True):
            said = (row.size, row.root, row.at)
            equal(said, (one.size, one.root.hex(), one.at), f"checkpoint {row.ordinal}")


@when("both accounts try every method on the checkpoints")
def try_every_method(bench: Bench) -> None:
    """Signed, so that it is known whose attempt it is."""
    for role in Role:
        shown = OPERATIONS[f"{role}/checkpoints"]
        attempts = bench.part(Switching).attempts[role] = []
        for client in (bench.counterpart(role).client, bench.site.client(role)):
            for method in _METHODS:
                plain = HttpRequest(method, shown.path, "", {"content-type": JSON}, b"{}")
                signed = sign(plain, client.identity, int(client.wall()), client.nonce())
                attempts.append((method, shown.path, client.carry(shown, signed)))


@then("the place outside keeps the same checkpoints, byte for byte")
def place_is_unchanged(bench: Bench) -> None:
    """Each note that was there is there."""
    for role in Role:
        before, now = bench.part(Kept).notes[role], place_of(bench, role).notes()
        holds(bool(before), f"{role.upper()} has kept no checkpoint")
        holds(now == before, f"the place of {role.upper()} holds other checkpoints")
        bench.recorder.observe(f"{role.upper()}: {len(now)} checkpoints as before")


@when("one bit of each byte of the last checkpoint is changed in a copy")
def change_notes(bench: Bench) -> None:
    """Each byte in a copy of its own."""
    for role in Role:
        note = bench.part(Kept).notes[role][-1]
        bench.part(Kept).changed[role] = [
            note[:n] + bytes([note[n] ^ (1 << n % 7)]) + note[n + 1:] for n in range(len(note))
        ]


@then("no copy is taken for a checkpoint of that system")
def changed_notes_do_not_pass(bench: Bench) -> None:
    """Neither its text nor its signature can be another one."""
    for role in Role:
        place = place_of(bench, role)
        copies = bench.part(Kept).changed[role]
        whole = [n for n, copy in enumerate(copies) if passes(place, copy)]
        bench.recorder.observe(f"{role.upper()}: {len(copies) - len(whole)} of {len(copies)} found")
        holds(bool(copies), f"no note of {role.upper()} was changed")
        holds(not whole, f"{role.upper()}: byte {whole[:1]} can be changed")


# --- the tree -----------------------------------------------------------------------------------


@then("the rows of both journals have the root of each checkpoint kept outside")
def roots_fit(bench: Bench) -> None:
    """Reckoned from the rows as they are exported."""
    for role in Role:
        hashes = [row["hash"] for row in whole_journal(bench, role)]
        kept = of_scenario(bench, role)
        fault = fault_by_checkpoints(hashes, kept)
        bench.recorder.observe(f"{role.upper()}: {len(hashes)} rows, {len(kept)} checkpoints")
        holds(bool(kept), f"{role.upper()} has kept no checkpoint")
        holds(fault is None, f"journal of {role.upper()}: {fault}")


@then(parsers.re(
    r"the last (?P<count>[0-9]+) rows of each journal that are in it are proven to be in that tree"
))
def rows_are_included(bench: Bench, count: str) -> None:
    """By the path that the system gives, under the root that was kept outside."""
    for role in Role:
        last = of_scenario(bench, role)[-1]
        rows = whole_journal(bench, role)[: last.size][-int(count):]
        for row in rows:
            proof = bench.site.client(role).ask(
                "journal-inclusion", InclusionProof, f"rows={row['position']}-{last.size}"
            )
            place = (row["position"], last.size)
            whole = is_included(row["hash"], *place, proof.path, last.root.hex())
            holds(whole, f"row {row['position']} of {role.upper()} is not in the tree")
            other = digest_of(row["hash"])
            holds(not is_included(other, *place, proof.path, last.root.hex()), "any row passes")
        bench.recorder.observe(f"{role.upper()}: {len(rows)} rows in the tree of {last.size}")


@then("the consistency proof of each system holds between any two checkpoints kept outside")
def proofs_hold(bench: Bench) -> None:
    """Asked from the system, judged under the roots that were kept outside."""
    for role in Role:
        kept = of_each_size(bench, role)
        holds(len(kept) > 2, f"{role.upper()} has {len(kept)} checkpoints of different sizes")
        for first, second in combinations(kept, 2):
            proof = bench.site.client(role).ask(
                "journal-consistency", ConsistencyProof, f"rows={first.size}-{second.size}"
            )
            roots = (first.root.hex(), second.root.hex())
            equal((proof.first_root, proof.second_root), roots, f"roots of {role.upper()}")
            whole = is_consistent(first.size, second.size, roots, proof.path)
            holds(whole, f"{role.upper()}: {second.size} rows do not go on from {first.size}")
        bench.recorder.observe(f"{role.upper()}: {len(kept)} checkpoints, any two consistent")


@when(parsers.re(r"an inspector asks both systems for the proofs of (?P<rows>rows .+)"))
def ask_for_proofs(bench: Bench, rows: str) -> None:
    """Both kinds of proof, for rows that there are not."""
    for role in Role:
        end = bench.site.client(role).ask("journal", Journal, "after=999999999").last_position
        for name in ("journal-inclusion", "journal-consistency"):
            query = f"rows={_ROWS[rows](end)}"
            bench.part(Kept).answers.append(bench.site.client(role).call(name, query=query))


@then(parsers.re(r"each proof is refused with (?P<code>[A-Z_]+) at (?P<path>\S+)"))
def proofs_are_refused(bench: Bench, code: str, path: str) -> None:
    """Nothing that looks like a proof comes back."""
    answers = bench.part(Kept).answers
    holds(bool(answers), "no proof was asked for")
    for answer in answers:
        holds(answer.refusal is not None, f"a proof came back: {answer}")
        assert answer.refusal is not None
        equal((answer.refusal.code, answer.refusal.path), (Code(code), path), "the refusal")
    bench.recorder.observe(f"{len(answers)} proofs refused: {answers[0]}")


# --- rewritten and cut off ----------------------------------------------------------------------


@when(parsers.re(
    r"one of (?P<count>[0-9]+) rows of each journal is changed in a copy, and every row behind it "
    r"chained anew"
))
def rewrite(bench: Bench, count: str) -> None:
    """Rows that checkpoints cover; what a row says of its answer or key is another one."""
    for role in Role:
        rows, last = whole_journal(bench, role), of_scenario(bench, role)[-1]
        for row in rows[: last.size][-int(count):]:
            position = row["position"]
            bench.part(Kept).copies.append(Rewritten(role, position, rewritten(rows, position)))


@then("the chain of each copy is whole")
def chains_are_whole(bench: Bench) -> None:
    """So the chain alone does not show it."""
    for copy in bench.part(Kept).copies:
        fault = first_fault(copy.rows, Link(), len(copy.rows))
        holds(fault is None, f"the copy of {copy.role.upper()} is not chained: {fault}")
    holds(bool(bench.part(Kept).copies), "nothing was rewritten")


@then("each copy is found by the checkpoints kept outside, not behind its first bad position")
def copies_are_found(bench: Bench) -> None:
    """The named position is the first behind the last checkpoint that still fits."""
    for copy in bench.part(Kept).copies:
        fault = fault_by_checkpoints(copy.hashes, of_scenario(bench, copy.role))
        holds(fault is not None, f"row {copy.position} of {copy.role.upper()} was not missed")
        assert fault is not None
        holds(fault.position <= copy.position, f"{copy.position} was named {fault.position}")
    bench.recorder.observe(f"{len(bench.part(Kept).copies)} of as many found")


@then("no proof made from a copy joins the checkpoints kept outside")
def rewritten_proofs_fail(bench: Bench) -> None:
    """From the smaller checkpoint to the root of the copy, and to the larger checkpoint."""
    tried = 0
    for copy in bench.part(Kept).copies:
        kept = of_each_size(bench, copy.role)
        for first in (one for one in kept if one.size >= copy.position):
            proof = consistency_path(copy.hashes, first.size)
            size, root = len(copy.rows), tree_root(copy.hashes)
            joined = is_consistent(first.size, size, (first.root.hex(), root), proof)
            holds(not joined, f"the copy of {copy.role.upper()} goes on from {first.size} rows")
            own = tree_root(copy.hashes[: first.size])
            holds(is_consistent(first.size, size, (own, root), proof), "the proof is no proof")
            tried += 1
    holds(tried > 0, "no checkpoint covers a row that was changed")
    bench.recorder.observe(f"{tried} proofs of rewritten rows, none joins what was kept")


@when("the last rows of each journal up to its last checkpoint are cut off a copy, one by one")
def cut_below(bench: Bench) -> None:
    """From the row that the checkpoint covers last to eight rows before it."""
    for role in Role:
        hashes = [row["hash"] for row in whole_journal(bench, role)]
        size = of_scenario(bench, role)[-1].size
        cuts = range(max(0, size - 8), size)
        bench.part(Kept).cut[role] = [hashes[:n] for n in cuts]


@then("each copy is found, at the first row that is missing")
def cuts_are_found(bench: Bench) -> None:
    """By the checkpoints alone."""
    for role in Role:
        copies = bench.part(Kept).cut[role]
        holds(bool(copies), f"nothing of {role.upper()} was cut off")
        for copy in copies:
            fault = fault_by_checkpoints(copy, of_scenario(bench, role)[-1:])
            holds(fault is not None, f"{role.upper()}: {len(copy)} rows pass")
            assert fault is not None
            equal(fault.position, len(copy) + 1, "the first row that is missing")
        bench.recorder.observe(f"{role.upper()}: {len(copies)} of as many found where they begin")


@when("the rows of each journal behind its last checkpoint are cut off a copy")
def cut_behind(bench: Bench) -> None:
    """What no checkpoint covers yet."""
    for role in Role:
        hashes = [row["hash"] for row in whole_journal(bench, role)]
        bench.part(Kept).cut[role] = [hashes[: kept_of(bench, role)[-1].size]]


@then("no checkpoint shows it, and each of those rows is younger than the last checkpoint")
def limit_is_shown(bench: Bench) -> None:
    """The limit of what checkpoints can show, in rows."""
    unseen = 0
    for role in Role:
        last, rows = kept_of(bench, role)[-1], whole_journal(bench, role)
        (copy,) = bench.part(Kept).cut[role]
        equal(fault_by_checkpoints(copy, [last]), None, f"the cut journal of {role.upper()}")
        behind = rows[last.size:]
        old = [row["position"] for row in behind if read_timestamp(row["at"]) < last.at]
        holds(not old, f"{role.upper()}: rows {old[:3]} are older than the last checkpoint")
        unseen += len(behind)
        bench.recorder.observe(
            f"limit: {len(behind)} rows of {role.upper()} behind the checkpoint of {last.size} "
            "could be cut off without a checkpoint's showing it"
        )
    holds(unseen > 0, "no row was behind a checkpoint, so nothing was shown")


@then("the last checkpoint is at most 15 minutes old")
def last_is_fresh(bench: Bench) -> None:
    """So the limit is what came within one interval."""
    for role in Role:
        age = bench.now - kept_of(bench, role)[-1].at
        bench.recorder.observe(f"{role.upper()}: the last checkpoint is {age} old")
        holds(timedelta(0) <= age <= INTERVAL, f"the checkpoint of {role.upper()} is {age} old")
