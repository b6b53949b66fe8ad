"""Arrows point down: the layers, the four floors, and that no two packages own one name."""

import ast
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("contracts", "reference_impl", "simulator", "reports", "features", "gxproof")


def test_import_linter_keeps_every_contract():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(linter)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_each_import_name_has_one_owner():
    owners: dict[str, set[str]] = {room: set() for room in ROOMS}
    for found in distributions():
        for path in found.files or ():
            if path.parts[0] in owners:
                owners[path.parts[0]].add(found.metadata["Name"])
    for room, names in owners.items():
        assert names <= {"gxproof"}, f"{room} is also owned by {names}"


def python_files():
    return [p for room in ROOMS for p in sorted((ROOT / room).rglob("*.py"))]


def test_model_and_record_use_pydantic_and_the_standard_library_only():
    allowed = set(sys.stdlib_module_names) | {"pydantic", "pydantic_core", "contracts"}
    for floor in ("model", "record"):
        for path in sorted((ROOT / "contracts" / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                names = (
                    [node.module]
                    if isinstance(node, ast.ImportFrom)
                    else (
                        [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                    )
                )
                for name in names:
                    assert (name or "").partition(".")[0] in allowed, f"{path}: {name}"


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "base", "misc", "common"])
def test_no_module_has_a_name_that_says_nothing(word):
    assert [p for p in python_files() if word in p.stem.split("_")] == []


def test_modules_and_functions_stay_small_enough_to_read():
    for path in python_files():
        source = path.read_text()
        assert source.count("\n") <= 400, f"{path} has {source.count(chr(10))} lines"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 60, f"{path}:{node.name} has {length} lines"


def test_no_step_is_async():
    for path in sorted((ROOT / "features").rglob("*.py")):
        found = [
            n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.AsyncFunctionDef)
        ]
        assert found == [], path
