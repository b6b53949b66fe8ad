"""The project speaks of itself alone, and names no machine and no registry."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"(?<![\w.])/(home|root|Users|work|farm)/"),
    "a registry's host": re.compile(
        "|".join(
            [
                "py" + r"pi\.org",
                "python" + "hosted",
                "npm" + r"js\.(org|com)",
                "deb" + r"\.debian\.org",
            ]
        )
    ),
    "a secret": re.compile("-----BEGIN (ENCRYPTED |RSA |EC |OPENSSH )?PRIVATE" + " KEY-----"),
}


def tracked():
    done = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="ignore")
        found = FORBIDDEN[what].search(text)
        assert found is None or path.name == "LICENSE", f"{path}: {found and found[0]}"


def test_the_lock_pins_every_package_with_hashes_and_no_address():
    lock = (ROOT / "gxproof" / "requirements.lock").read_text()
    assert "://" not in lock
    assert "index" not in lock
    packages = re.findall(r"^[A-Za-z0-9._-]+(.*)$", lock, re.MULTILINE)
    assert packages
    assert all(re.match(r"==[^\s]+ \\$", rest) for rest in packages)
    for block in re.split(r"\n(?=\S)", lock.strip()):
        assert "--hash=sha256:" in block, block


def test_every_direct_dependency_is_in_the_lock():
    import tomllib

    lock = (ROOT / "gxproof" / "requirements.lock").read_text().lower()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    for name in (re.split(r"[<>=!~\[]", item)[0] for item in wanted):
        assert re.search(rf"^{re.escape(name.lower())}==", lock, re.MULTILINE), name


def test_every_claim_of_a_step_says_what_it_expected():
    """pytest runs the steps without rewriting their asserts, so the sentence has to stand there."""
    import ast

    for path in sorted((ROOT / "features" / "steps").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assert) and node.msg is None:
                text = ast.unparse(node.test)
                assert "is not None" in text or text.startswith("isinstance"), (
                    f"{path.name}:{node.lineno}: {text}"
                )
