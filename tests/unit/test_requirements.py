import pytest

from contracts.model.requirements import RequirementError, read_requirement, requirement_digest
from features.catalogue import read_catalogue

TAGS = ("URS-PCK-001", "risk-high", "OQ", "mes", "wms", "blackbox")
TEXT = "It shall be so.\n  Clauses: 11.10(a); 211.84(a)\n  See: 211.137\n  Outside: shipping"


def test_a_rule_is_read():
    found = read_requirement("Picks", TAGS, TEXT, "picks.feature")
    assert (found.id, found.risk, found.level) == ("URS-PCK-001", "high", "OQ")
    assert found.statement == "It shall be so."
    assert found.clauses == ("11.10(a)", "211.84(a)")
    assert found.see == ("211.137",)
    assert found.outside == ("shipping",)
    assert found.applies_to == ("mes", "wms")


@pytest.mark.parametrize(
    ("tags", "text", "why"),
    [
        (TAGS[1:], TEXT, "id tag"),
        ((*TAGS, "URS-PCK-002"), TEXT, "id tag"),
        (("URS-PCK-001", "OQ", "blackbox"), TEXT, "risk"),
        ((*TAGS, "PQ"), TEXT, "level"),
        (TAGS[:-1], TEXT, "method"),
        (TAGS, "It shall be so.", "Clauses"),
        (TAGS, "Clauses: 11.10(a)", "statement"),
    ],
)
def test_an_incomplete_rule_is_refused(tags, text, why):
    with pytest.raises(RequirementError, match=why):
        read_requirement("Picks", tags, text, "picks.feature")


def test_the_digest_follows_the_text_and_not_its_layout():
    base = requirement_digest("Picks", TAGS, TEXT)
    assert requirement_digest(" Picks ", reversed(TAGS), TEXT.replace("\n  ", "\n\t")) == base
    assert requirement_digest("Picks", TAGS, TEXT.replace("shall", "should")) != base
    assert requirement_digest("Picks", TAGS[:-1], TEXT) != base


def test_every_requirement_has_a_scenario_that_succeeds_and_one_that_is_refused():
    purposes: dict[str, set[str]] = {}
    for item in read_catalogue():
        purposes.setdefault(item.requirement.id, set()).add(item.purpose)
    assert len(purposes) >= 8
    families = {"PCK", "STA", "EXP", "IDM", "AUD", "INP", "SCH", "SEC", "IAM", "JRN", "TIM", "REL"}
    assert families <= {family[4:7] for family in purposes}
    for requirement, found in purposes.items():
        assert "accepts" in found, requirement
        assert found & {"refuses", "control"}, requirement


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Feature: F\n  Scenario: S\n    Then x\n", "stands in no Rule"),
        (
            "Feature: F\n  {tags}\n  Rule: R\n    {body}\n    Scenario: S\n      Then x\n",
            "needs one of",
        ),
        (
            "Feature: F\n  {tags}\n  Rule: R\n    {body}\n    @accepts\n    Scenario: S\n      Given x\n",
            "claims nothing",
        ),
        (
            "Feature: F\n  {tags}\n  Rule: R\n    {body}\n    @accepts\n    Scenario: S\n      Then x\n"
            "    @refuses\n    Scenario: S\n      Then x\n",
            "two scenarios are called",
        ),
    ],
)
def test_a_feature_file_that_would_mislead_is_refused(tmp_path, text, why):
    tags = " ".join(f"@{tag}" for tag in TAGS)
    body = "It shall be so.\n    Clauses: 11.10(a)\n"
    (tmp_path / "x.feature").write_text(text.format(tags=tags, body=body))
    with pytest.raises(RequirementError, match=why):
        read_catalogue(tmp_path)


def test_an_empty_folder_is_no_catalogue(tmp_path):
    with pytest.raises(RequirementError, match="no scenario"):
        read_catalogue(tmp_path)
