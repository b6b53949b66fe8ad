"""No file of the repository holds a secret. Source: URS-SVC-003."""

from contracts.formats.secret_findings import SecretSearch
from features.steps.secrets import PUBLIC
from tests.house.test_words import ROOT, tracked

# Files that hold examples of secrets on purpose, to show that they are found.
_EXAMPLES = {"tests/unit/test_secret_findings.py", "tests/unit/test_credentials.py"}


def test_no_tracked_file_looks_like_it_holds_a_secret():
    search = SecretSearch({}, PUBLIC)
    found = {
        one for path in tracked() if str(path.relative_to(ROOT)) not in _EXAMPLES
        for one in search.search(str(path.relative_to(ROOT)), path.read_bytes())
    }
    assert not found


def test_the_files_that_are_left_out_are_there():
    assert all((ROOT / name).is_file() for name in _EXAMPLES)
