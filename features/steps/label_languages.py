"""Labels in other languages and character sets: printed, and read back from image and print job."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from contracts.formats.element_strings import read_scan
from contracts.formats.zpl import LabelJob, ZplUnreadable, read_zpl
from contracts.model.commands import LabelPrinted, StartOrder
from contracts.model.identifiers import Gtin14, Id
from contracts.model.packing import LabelEncoding, LabelLocale
from contracts.model.quantities import Unit
from contracts.model.stimulus import Load, Material
from features.bench import Bench
from features.claims import equal
from features.steps.labels import PRODUCT, PackingOnBench, add_packing_order, label_for
from features.steps.material import add_base
from features.steps.words import DAY, LETTER, day_of
from simulator.scanner import read_image

_LOCALE = r"(?P<locale>[a-z]{2}-[A-Z]{2})"
_ENCODING = r"(?P<encoding>UTF-8|windows-1252)"


@dataclass
class InAnotherLanguage:
    """The item that the scenario packs, whose name is not an English one."""

    gtin: str = ""


@given(parsers.re(
    rf"an order that packs lot {LETTER} of (?P<item>(?!tablets).+), expiring on {DAY}"
))
def an_order_of_item(bench: Bench, letter: str, item: str, day: str) -> None:
    """A started order whose product has this name."""
    add_base(bench)
    material = Id(bench.namespace.id(f"ITEM-{bench.new_name('NAMED')}"))
    gtin = Gtin14(bench.namespace.gtin(PRODUCT))
    bench.part(InAnotherLanguage).gtin = gtin
    bench.site.load(Load(materials=(Material(
        material_id=material, description=item, base_unit=Unit.EACH,
    ),)))
    order = add_packing_order(
        bench, letter, day_of(day), name=bench.new_name(f"NAMED-{letter}"),
        product_members={"material_id": material},
    )
    bench.prepare("production", "start-order", StartOrder(order_id=Id(order)))


@when(parsers.re(
    rf"the packer prints a label for a case of (?P<count>[0-9]+) units of lot {LETTER} in "
    rf"{_LOCALE} and {_ENCODING}"
))
def prints_in_language(
    bench: Bench, count: str, letter: str, locale: str, encoding: str
) -> None:
    """Try to print it."""
    body = label_for(bench, letter, int(count)).model_copy(update={
        "locale": LabelLocale(locale), "encoding": LabelEncoding(encoding),
    })
    attempt = bench.command("the packer", "print-label", body)
    bench.recorder.observe(f"{locale}, {encoding}: {attempt.answer}")


@then(parsers.re(
    rf"its image and its print job hold SSCC, item, lot {LETTER}, expiry and "
    r"(?P<count>[0-9]+) units"
))
def symbols_hold(bench: Bench, letter: str, count: str) -> None:
    """What a camera reads from the image, and what a printer is told, field by field."""
    printed = bench.last.answer.as_(LabelPrinted)
    expiry = bench.part(PackingOnBench).expiries[letter]
    fields = {
        "00": printed.sscc, "02": bench.part(InAnotherLanguage).gtin,
        "10": bench.lots[letter].lot, "17": f"{expiry:%y%m%d}", "37": count,
    }
    for source, scans in (
        ("the image", read_image(printed.image)), ("the print job", _job(printed).symbols)
    ):
        whole, linear = sorted(map(read_scan, scans), key=len, reverse=True)
        bench.recorder.observe(f"{source}: {whole}")
        equal(whole, fields, f"fields of {source}")
        equal(linear, {"00": printed.sscc}, f"the linear symbol of {source}")


@then(parsers.re(
    rf"its print job says in {_ENCODING} (?P<item>.+), (?P<expiry>[^,]+) and (?P<quantity>.+)"
))
def lines_say(bench: Bench, encoding: str, item: str, expiry: str, quantity: str) -> None:
    """The lines that people read, decoded from the bytes that the printer is sent."""
    printed = bench.last.answer.as_(LabelPrinted)
    job = _job(printed)
    bench.recorder.observe(f"{job.character_set}: {', '.join(job.texts)}")
    equal(job.character_set, encoding.lower(), "the character set")
    equal(printed.zpl.isascii(), True, "the job is in ASCII")
    equal(job.texts[-4], item, "the item")
    equal(job.texts[-2:], (expiry, quantity), "expiry and quantity")
    equal(job.texts[-4:], printed.texts, "the lines of the answer")


def _job(printed: LabelPrinted) -> LabelJob:
    """The print job as a printer reads it. Raises: AssertionError for one that it cannot read."""
    try:
        return read_zpl(printed.zpl)
    except ZplUnreadable as exc:
        raise AssertionError(f"a printer cannot read the job: {exc}") from exc
