"""A plant file that cannot be used: file, line and field, for form and for sense."""

import pytest

from simulator.plant import EXAMPLE, PlantError, read_plant

TEXT = EXAMPLE.read_text()


def line_of(text, part):
    return text[: text.rindex(part)].count("\n") + 1


def findings(tmp_path, text):
    path = tmp_path / "plant.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PlantError) as caught:
        read_plant(path)
    return [finding.removeprefix(str(path)) for finding in caught.value.findings]


def test_the_example_plant_is_sound():
    plant = read_plant(EXAMPLE)
    assert len(plant.orders) == 5
    assert plant.site.end > plant.site.start


@pytest.mark.parametrize(
    ("old", "new", "field", "why"),
    [
        ("expires_on = 2026-09-30", 'expires_on = "soon"', "lots[1].expires_on", "date"),
        ('quantity = "5.000"', "quantity = 5.0", "containers[9].quantity", "decimal string"),
        ('zone = "Europe/Zurich"', 'zone = "Mars/Olympus"', "site.zone", "time zone"),
        ("hours = 10", "hours = 0", "site.hours", "greater than"),
        (
            'lot = "STA-0202"\nto = "BLOCKED"',
            'lot = "STA-9999"\nto = "BLOCKED"',
            "decisions[1].lot",
            "there is no STA-9999",
        ),
        ('to = "BLOCKED"', 'to = "LOST"', "decisions[1].to", "QUARANTINE"),
        (
            'where = { orderId = "PO-1002" }',
            'where = { orderID = "PO-1002" }',
            "faults[0].where",
            "no member orderID",
        ),
        (
            'kind = "request lost"\nmessage = "pick-requested"',
            'kind = "eaten"\nmessage = "pick-requested"',
            "faults[0].kind",
            "request lost",
        ),
        (
            "at = 2026-03-31T23:57:00+02:00",
            "at = 2026-04-02T23:57:00+02:00",
            "orders[3].at",
            "outside the shift",
        ),
        ("at = 2026-03-31T23:57:00+02:00", "at = 2026-03-31T23:57:00", "orders[3].at", "timezone"),
        ('id = "EX-PICK-2"', 'id = "EX-PICK-1"', "people[3].id", "stands twice"),
        (
            'order = "PO-1005"\nline = "20"',
            'order = "PO-1005"\nline = "99"',
            "misreads[0].line",
            "has no line 99",
        ),
        ('duties = ["quality"]', 'duties = ["picker"]', "people", "nobody has the duty quality"),
        (
            'name = "Example site"',
            'name = "Example site"\ncolour = "blue"',
            "site.colour",
            "Extra inputs",
        ),
    ],
)
def test_a_finding_names_line_and_field(tmp_path, old, new, field, why):
    assert TEXT.count(old) == 1 or field.startswith(("decisions", "faults"))
    text = TEXT.replace(old, new, 1)
    found = findings(tmp_path, text)
    matching = [f for f in found if f": {field}: " in f]
    assert matching, found
    assert why in matching[0]
    number = int(matching[0].split(":")[1])
    assert abs(number - line_of(text, new)) <= 2 or field == "people"


def test_inside_a_list_of_lines_the_right_line_is_named(tmp_path):
    text = TEXT.replace(
        'material = "MAGSTEAR", quantity = "0.400"', 'material = "MAG", quantity = "0.400"', 1
    )
    found = findings(tmp_path, text)
    line = line_of(text, 'MAG"')
    assert f":{line}: orders[0].lines[1].material: there is no MAG" in found[0]


def test_every_finding_is_told_not_only_the_first(tmp_path):
    text = TEXT.replace('material = "LACTOSE"\nexpires_on', 'material = "SUGAR"\nexpires_on')
    assert len(findings(tmp_path, text)) == 2


def test_what_is_no_toml(tmp_path):
    found = findings(tmp_path, TEXT.replace("hours = 10", "hours = ten"))
    assert found[0].startswith(f":{line_of(TEXT, 'hours = 10')}:")


def test_what_is_no_text(tmp_path):
    assert "invalid UTF-8" in findings(tmp_path, b'[site]\nname = "\xff"\n')[0]


def test_an_empty_file_names_what_is_missing(tmp_path):
    found = findings(tmp_path, "")
    assert any(": site: Field required" in f for f in found)
