"""What a scanner reads from a printed label, and what it would read from a wrong one."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from contracts.formats.element_strings import GS, read_scan
from features.bench import ITEM, Bench
from features.claims import equal, holds
from features.steps.labels import PRODUCT, PackingOnBench, verification, visible
from simulator.scanner import read_image


@when(parsers.re(r"a scanner reads a label with (?P<difference>.+)"))
def scanner_reads(bench: Bench, difference: str) -> None:
    """Try to verify with one difference from what the label should say."""
    label = bench.part(PackingOnBench).label
    good = read_image(label.image)[0]
    scan = _with_difference(bench, good, difference)
    holds(scan != good, "the scan does not differ from the label")
    attempt = bench.command("the packer", "verify-label", verification(bench, scan))
    bench.recorder.observe(f"scanned {visible(scan)}: {attempt.answer}")


@then("the image of the label says its SSCC, item, expiry, count and lot")
def image_says(bench: Bench) -> None:
    """Read from the image, and compared with what the scenario asked for."""
    label = bench.part(PackingOnBench).label
    scans = read_image(label.image)
    lot, expiry = bench.lots[label.letter].lot, bench.part(PackingOnBench).expiries[label.letter]
    wanted = (
        f"]d200{label.sscc}02{bench.namespace.gtin(PRODUCT)}17{expiry:%y%m%d}37{label.count}"
        f"{GS}10{lot}",
        f"]C100{label.sscc}",
    )
    bench.recorder.observe(f"symbols on the label: {', '.join(map(visible, scans))}")
    equal(scans, wanted, "symbols of the label")


def _with_difference(bench: Bench, good: str, words: str) -> str:
    """What a scanner sends for a label that differs. Raises: KeyError for unknown words."""
    fields = read_scan(good)
    if words == "its digits as plain text":
        return good[3:]
    if words == "a wrong check digit":
        wrong = str((int(fields["00"][-1]) + 1) % 10)
        return good.replace(fields["00"], fields["00"][:-1] + wrong)
    if words == "no expiry":
        del fields["17"]
    else:
        ai, value = {
            "another SSCC": ("00", bench.namespace.sscc("ANOTHER")),
            "another item": ("02", bench.namespace.gtin(ITEM)),
            "another lot": ("10", bench.namespace.lot_number("ANOTHER")),
            "another expiry": ("17", "270101"),
            "another count": ("37", "3"),
            "a net weight in addition": ("3103", "002000"),
        }[words]
        fields[ai] = value
    variable = {"10", "37"}
    data = "".join(f"{ai}{v}{GS if ai in variable else ''}" for ai, v in fields.items())
    return f"{good[:3]}{data.removesuffix(GS)}"
