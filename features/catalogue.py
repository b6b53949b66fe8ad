"""What the feature files hold: requirements and their scenarios, read without running anything.

The plan of a run is made from this, and a run is compared with it, so that a scenario that was
dropped on the way is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gherkin.parser import Parser
from gherkin.token_scanner import TokenScanner

from contracts.model.requirements import Requirement, RequirementError, read_requirement
from contracts.record.runs import Kind, Planned, PlannedStep

FOLDER = Path(__file__).parent
PURPOSES = {"accepts": True, "refuses": False, "control": None}


@dataclass(frozen=True)
class ScenarioItem:
    """One scenario that will run: an outline gives one for each row of its examples.

    ``example`` is that row, as pytest-bdd hands it to the scenario.
    """

    id: str
    requirement: Requirement
    feature: str
    name: str
    purpose: str
    steps: tuple[tuple[str, str], ...]
    example: tuple[tuple[str, str], ...] = ()

    @property
    def planned(self) -> Planned:
        """The scenario as an item of a plan."""
        return Planned(
            id=self.id, kind=Kind.SCENARIO, title=_filled(self.name, self.example),
            requirements=(self.requirement.id,), expects=self.expects,
            must_succeed=PURPOSES[self.purpose],
            steps=tuple(
                PlannedStep(keyword=keyword, text=_filled(text, self.example))
                for keyword, text in self.steps
            ),
        )

    @property
    def expects(self) -> str:
        """The Then steps, one sentence."""
        then = [text for keyword, text in self.steps if keyword == "Then"]
        return "; ".join(_filled(text, self.example) for text in then)


def read_catalogue(folder: Path = FOLDER) -> tuple[ScenarioItem, ...]:
    """All scenarios of all feature files, in the order of file and line.

    Raises: RequirementError where a Rule, a scenario or its tags are not as they must be.
    """
    items = [item for path in sorted(folder.glob("*.feature")) for item in _read(path)]
    ids = [item.requirement.id for item in items]
    for path_of in {item.requirement.id for item in items}:
        features = {item.feature for item in items if item.requirement.id == path_of}
        if len(features) > 1:
            raise RequirementError(f"{path_of} stands in {' and '.join(sorted(features))}")
    if not ids:
        raise RequirementError(f"no scenario stands in {folder}")
    return tuple(items)


def requirements_of(items: tuple[ScenarioItem, ...]) -> tuple[Requirement, ...]:
    """The requirements of a catalogue, each once, in its order."""
    return tuple({item.requirement.id: item.requirement for item in items}.values())


def _read(path: Path) -> Iterator[ScenarioItem]:
    document: Any = Parser().parse(TokenScanner(path.read_text(encoding="utf-8")))
    feature = document["feature"]
    background: list[tuple[str, str]] = []
    names: set[str] = set()
    for child in feature["children"]:
        if "background" in child:
            background = list(_steps(child["background"]))
        if "scenario" in child:
            raise RequirementError(f"{path.name}: '{child['scenario']['name']}' stands in no Rule")
        if "rule" in child:
            yield from _read_rule(path, child["rule"], background, names)


def _read_rule(
    path: Path, rule: Any, background: list[tuple[str, str]], names: set[str]
) -> Iterator[ScenarioItem]:
    tags = [tag["name"].removeprefix("@") for tag in rule["tags"]]
    requirement = read_requirement(rule["name"], tags, rule.get("description", ""), path.name)
    scenarios = [child["scenario"] for child in rule["children"] if "scenario" in child]
    if not scenarios:
        raise RequirementError(f"{path.name}: {requirement.id} has no scenario")
    for number, scenario in enumerate(scenarios, start=1):
        name = scenario["name"]
        if name in names:
            raise RequirementError(f"{path.name}: two scenarios are called '{name}'")
        names.add(name)
        steps = (*background, *_steps(scenario))
        if not any(keyword == "Then" for keyword, _ in steps):
            raise RequirementError(f"{path.name}: '{name}' claims nothing: it has no Then")
        item = ScenarioItem(
            id=f"{requirement.id}.{number}", requirement=requirement, feature=path.name,
            name=name, purpose=_purpose(path, scenario), steps=steps,
        )
        yield from _examples(item, scenario)


def _purpose(path: Path, scenario: Any) -> str:
    tags = [tag["name"].removeprefix("@") for tag in scenario["tags"]]
    found = [tag for tag in tags if tag in PURPOSES]
    if len(found) != 1:
        wanted = ", ".join(f"@{name}" for name in PURPOSES)
        raise RequirementError(f"{path.name}: '{scenario['name']}' needs one of {wanted}")
    return str(found[0])


def _examples(item: ScenarioItem, scenario: Any) -> Iterator[ScenarioItem]:
    rows = [
        tuple(zip(_cells(table["tableHeader"]), _cells(row), strict=True))
        for table in scenario["examples"]
        for row in table["tableBody"]
    ]
    if not scenario["examples"]:
        yield item
    for number, row in enumerate(rows, start=1):
        yield ScenarioItem(
            f"{item.id}.{number}", item.requirement, item.feature, item.name, item.purpose,
            item.steps, row,
        )


def _cells(row: Any) -> list[str]:
    return [cell["value"] for cell in row["cells"]]


def _steps(part: Any) -> Iterator[tuple[str, str]]:
    """Keyword and text; And and But take the keyword before them."""
    last = "Given"
    for step in part["steps"]:
        keyword = step["keyword"].strip()
        last = last if keyword in ("And", "But", "*") else keyword
        yield last, step["text"]


def _filled(text: str, example: tuple[tuple[str, str], ...]) -> str:
    for name, value in example:
        text = text.replace(f"<{name}>", value)
    return text
