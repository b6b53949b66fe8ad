"""A seeded defect gets to all who use what it changes, and nothing of it leaves its process."""

import json
import subprocess
import sys
from textwrap import dedent

import pytest

# Loads the reference once, then runs each program that it is given in a child of its own.
STATION = """
import json, os, sys
from gxproof import wiring
from gxproof.defects import Defect, DefectError, Edit
from gxproof.implanting import Loaded

def defect(file, old, new):
    return Defect("d", "t", "URS-PCK-001", "s", (), (Edit(file, old, new),))

OTHER_VERSION = defect("version.py", "SOFTWARE = ", "SOFTWARE = 'implanted ' + ")
before = dict(sys.modules)
loaded = Loaded()
for line in sys.stdin:
    if not os.fork():
        exec(json.loads(line), globals())
        sys.stdout.flush()
        os._exit(0)
    _, status = os.wait()
    if status:
        raise SystemExit("the program failed")
"""


@pytest.fixture(scope="module")
def printed():
    """What a program prints, as JSON, in a process that has loaded the reference."""
    station = subprocess.Popen(
        [sys.executable, "-c", STATION], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )

    def run(body):
        station.stdin.write(json.dumps(dedent(body)) + "\n")
        station.stdin.flush()
        return json.loads(station.stdout.readline())

    yield run
    station.stdin.close()
    assert station.wait(timeout=60) == 0
    station.stdout.close()


def test_the_system_that_is_built_afterwards_has_the_defect(printed):
    assert printed("""
        loaded.implant(OTHER_VERSION)
        from gxproof import wiring
        from contracts.model.inspection import Version
        from contracts.model.roles import Role
        system = wiring.reference_in_memory("reference-in-memory", 1)
        print(json.dumps(system.client(Role.WMS).ask("version", Version).software))
    """).startswith("implanted gxproof-reference")


def test_all_that_import_an_edited_module_run_anew_and_nothing_else_does(printed):
    anew, kept = printed("""
        loaded.implant(OTHER_VERSION)
        from gxproof import wiring
        names = [n for n in before if n.startswith(("reference_impl", "gxproof", "contracts"))]
        kept = {n for n in names if sys.modules.get(n) is before[n]}
        print(json.dumps([sorted(set(names) - kept), sorted(kept)]))
    """)
    assert {"reference_impl.version", "reference_impl.bootstrap", "gxproof.wiring"} <= set(anew)
    assert {"reference_impl.domain.allocation", "gxproof.defects"} <= set(kept)
    assert not [name for name in anew if name.startswith("contracts")]


def test_a_module_that_is_asked_of_its_package_is_the_new_one(printed):
    assert printed("""
        loaded.implant(OTHER_VERSION)
        from reference_impl import version
        print(json.dumps(version.SOFTWARE))
    """).startswith("implanted ")


def test_a_faithful_implant_runs_the_whole_reference_anew_as_it_was(printed):
    count, kept, same = printed("""
        old = sys.modules["reference_impl.version"].SOFTWARE
        loaded.implant(None)
        from gxproof import wiring
        wiring.reference_in_memory("reference-in-memory", 1).close()
        own = [n for n in before if n.startswith("reference_impl")]
        kept = [n for n in own if sys.modules.get(n) is before[n]]
        print(json.dumps([len(own), kept, sys.modules["reference_impl.version"].SOFTWARE == old]))
    """)
    assert count > 80
    assert kept == []
    assert same


def test_a_defect_in_what_nothing_loads_is_an_error(printed):
    assert "nothing loads reference_impl.process" in printed("""
        edit = "from __future__ import annotations"
        try:
            loaded.implant(defect("process.py", edit, "pass"))
        except DefectError as exc:
            print(json.dumps(str(exc)))
    """)
