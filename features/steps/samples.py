"""Samples: material leaves a container for a bottle with a label of its own."""

from __future__ import annotations

from pytest_bdd import given, parsers, when

from contracts.model.commands import TakeSample
from contracts.model.identifiers import Id
from features.bench import Bench
from features.steps.picks import scan_of
from features.steps.words import AMOUNT, LETTER, amount_of


@given(parsers.re(rf"the sampler has taken {AMOUNT} of lot {LETTER}"))
def has_sampled(bench: Bench, amount: str, letter: str) -> None:
    """A sample left a container of the lot."""
    body = _sample(bench, amount, letter)
    bench.prepare("the sampler", "take-sample", body)
    bench.recorder.observe(f"sample {body.sample_id}: {amount} KGM of lot {letter}")


@when(parsers.re(rf"the sampler takes {AMOUNT} of lot {LETTER}"))
def takes_sample(bench: Bench, amount: str, letter: str) -> None:
    """Try to take a sample."""
    attempt = bench.command("the sampler", "take-sample", _sample(bench, amount, letter))
    bench.recorder.observe(f"sample of {amount} KGM of lot {letter}: {attempt.answer}")


def _sample(bench: Bench, amount: str, letter: str) -> TakeSample:
    return TakeSample(
        sample_id=Id(bench.new_id("SAMPLE")), scan=scan_of(bench.lots[letter].container),
        quantity=amount_of(amount),
        sample_container=bench.namespace.sscc(bench.new_name("BOTTLE")),
    )
