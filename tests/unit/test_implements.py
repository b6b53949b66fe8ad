from pathlib import Path

import pytest

from contracts.model.rules import BY_ID, RULES
from gxproof.implements import Unattached, implementations

ROOT = Path(__file__).parents[2]


def test_every_rule_is_implemented_and_every_comment_names_a_rule():
    found = implementations(ROOT / "reference_impl")
    assert set(found) == set(BY_ID)
    assert all(
        item.place.startswith("reference_impl/") for items in found.values() for item in items
    )


def test_a_comment_above_no_function_is_an_error(tmp_path):
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "a.py").write_text("# implements FRS-PCK-001\nX = 1\n")
    with pytest.raises(Unattached, match="stands above no function"):
        implementations(package)


def test_the_digest_follows_the_source_of_the_function_alone(tmp_path):
    package = tmp_path / "pkg"
    package.mkdir()
    text = "# implements FRS-PCK-001\n@deco\ndef f():\n    return 1\n"
    (package / "a.py").write_text(text)
    before = implementations(package)["FRS-PCK-001"][0]
    (package / "a.py").write_text("X = 1\n" + text)
    assert implementations(package)["FRS-PCK-001"][0] == before
    (package / "a.py").write_text(text.replace("return 1", "return 2"))
    assert implementations(package)["FRS-PCK-001"][0] != before


def test_rules_are_unique_and_name_a_requirement():
    assert len(BY_ID) == len(RULES)
    assert all(rule.requirement.startswith("URS-") for rule in RULES)
