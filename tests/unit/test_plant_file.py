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
        ("expires_on = 2026-09-30", 'expires_on = "soon"', "lots[1].expires_on", "calendar day"),
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
        ("at = 2026-03-31T23:57:00+02:00", "at = 2026-03-31T23:57:00", "orders[3].at", "offset"),
        ("expires_on = 2026-09-30", "expires_on = 9999-12-31", "lots[1].expires_on", "1970 to 2199"),
        (
            'quantity = "20.000", tolerance = "0.000" },\n    { id = "20"',
            'quantity = "20.000", tolerance = "1E-23" },\n    { id = "20"',
            "orders[0].lines[0].tolerance",
            "string",
        ),
        ('name = "Example Producer One"', 'name = ""', "people[0].name", "at least 1"),
        ('reason = "All results within specification"', 'reason = "      "', "decisions[0].reason", "not blank"),
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


@pytest.mark.parametrize("tail", ["x = " + "[" * 5000 + "]" * 5000, "x = " + "1" * 5000])
def test_what_no_reader_can_hold_is_a_finding(tmp_path, tail):
    assert ": (whole file): " in findings(tmp_path, TEXT + "\n" + tail)[0]


def test_a_start_at_the_end_of_time_is_a_finding(tmp_path):
    text = TEXT.replace("start = 2026-03-31T16:00:00+02:00", "start = 9999-12-31T23:00:00Z")
    assert any(": site.start: " in f for f in findings(tmp_path, text))


def test_a_line_id_stands_once_in_an_order(tmp_path):
    text = TEXT.replace('{ id = "20", material = "MAGSTEAR"', '{ id = "10", material = "MAGSTEAR"', 1)
    assert ": orders[0].lines[1].id: 10 stands twice" in findings(tmp_path, text)[0]


def test_a_file_that_is_not_there_is_a_finding(tmp_path):
    with pytest.raises(PlantError, match="cannot be read: No such file"):
        read_plant(tmp_path / "nowhere.toml")


def test_an_empty_file_names_what_is_missing(tmp_path):
    found = findings(tmp_path, "")
    assert any(": site: Field required" in f for f in found)
