"""``gxproof prove``: the kill matrix on the terminal."""

from __future__ import annotations

from rich.console import Console

from contracts.model.verdicts import State, Verdict, verdict_of
from features.catalogue import read_catalogue, requirements_of
from gxproof.defects import DefectError, read_defects
from gxproof.prove import Challenge, prove


def show_kill_matrix(seed: int, only: list[str]) -> Verdict:
    """Try defects, a line for each. Returns: the verdict over all. Raises: DefectError."""
    bank = read_defects()
    unknown = sorted(set(only) - {defect.id for defect in bank})
    if unknown:
        raise DefectError(f"no defect is called {', '.join(unknown)}")
    chosen = [defect for defect in bank if not only or defect.id in only]
    console = Console(highlight=False, soft_wrap=True)
    challenges = prove(
        chosen, seed, lambda challenge: console.print(_line(challenge), markup=False),
        faithful_for=chosen[0].requirement,
    )
    console.print(_summary(challenges, chosen=bool(only)), markup=False)
    return verdict_of(challenge.state for challenge in challenges)


def _line(challenge: Challenge) -> str:
    if challenge.defect is None:
        word = "no check fails" if challenge.state is State.PASSED else "a check fails"
        return f"{challenge.state:<8} the faithful reference: {word}"
    caught = ", ".join(challenge.caught_by) or challenge.error or "nothing"
    return f"{challenge.state:<8} {challenge.defect.id} ({challenge.defect.requirement}): {caught}"


def _summary(challenges: list[Challenge], *, chosen: bool) -> str:
    tried = [c for c in challenges if c.defect is not None]
    killed = [c for c in tried if c.caught_by]
    challenged = {c.defect.requirement for c in killed if c.defect and c.caught_by_its_rule}
    if chosen:  # a choice of defects says nothing of the other requirements
        every = {c.defect.requirement for c in tried if c.defect}
    else:
        every = {requirement.id for requirement in requirements_of(read_catalogue())}
    missing = sorted(every - challenged)
    line = f"{len(killed)} of {len(tried)} defects caught; {len(challenged)} of {len(every)} "
    line += "requirements challenged by their own scenarios"
    return f"{line}; not challenged: {', '.join(missing)}" if missing else line
