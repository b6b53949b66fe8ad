"""What both roles have for control: signatures, the journal as a tree, what is watched."""

from __future__ import annotations

from reference_impl.profile import show_profile
from reference_impl.records.checkpoints import show_checkpoints
from reference_impl.records.journal_proofs import SELECTS as JOURNAL_PROOFS
from reference_impl.records.signing import load_signing
from reference_impl.system import Job, Part
from reference_impl.watching import alarms
from reference_impl.watching.causes import look


def control_parts() -> tuple[Part, ...]:
    """The parts of both roles that no transaction of the plant needs."""
    return Part(load=load_signing, shows={"site-profile": show_profile}), _evidence(), _watching()


def _watching() -> Part:
    """What a system watches of itself, and the log of its alarms."""
    return Part(
        commands={"acknowledge-alarm": alarms.acknowledge_alarm},
        shows={"alarms": alarms.show_alarms},
        selects={"alarm-search": alarms.find_alarms},
        # Looking goes along with other work, as a heartbeat does; it makes none due by itself.
        jobs=(Job(look, lambda _: None),),
    )


def _evidence() -> Part:
    """The journal as a tree: its checkpoints and proofs."""
    return Part(shows={"checkpoints": show_checkpoints}, selects=dict(JOURNAL_PROOFS))
