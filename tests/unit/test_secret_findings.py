"""Secrets are found in whatever form, spelling and wrapping; code that passes one on is none."""

import base64
import io
import zipfile
import zlib
from urllib.parse import quote

import pytest

from contracts.formats.secret_findings import FORMS, Found, SecretSearch
from contracts.wire.system import PeopleCredentials
from gxproof.no_secrets import check_no_secrets
from gxproof.side_by_side import HarnessFailed

SECRET = "correct horse/battery+staple"
LOOKS = {
    "a private key": "-----BEGIN EC PRIVATE" + " KEY-----\nMHcCAQEE",
    "a private key in JSON": '{"d": "' + "A" * 43 + '"}',
    "a session token": "authorization: Bearer " + "t" * 43,
    "an authenticator": "otpauth" + "://totp/x?issuer=y&secret=" + "A" * 32,
    "an access key": "AKI" + "A" + "0123456789ABCDEF",
    "a signed token": "eyJ" + "hbGciOiJFZ.eyJ" + "zdWIiOiIx.c2lnbmF0dXJl",
    "a password in an address": "postgresql" + "://user:hunter22@host/db",
    "a named secret": "Pass" + 'word: "hunter22hunter22"',
}


def kinds(raw, **known):
    return {one.kind for one in SecretSearch(known).search("here", raw)}


@pytest.mark.parametrize("kind", FORMS)
def test_every_form_is_found_by_its_looks(kind):
    assert kinds(LOOKS[kind].encode()) == {kind}


@pytest.mark.parametrize("lead", range(3))
@pytest.mark.parametrize(
    "spell",
    [
        lambda s, lead: b"=" * lead + s.encode(),
        lambda s, lead: s.encode().hex().encode(),
        lambda s, lead: quote(s, safe="").encode(),
        lambda s, lead: base64.b64encode(b"x" * lead + s.encode() + b"tail"),
    ],
    ids=["plain", "hex", "percent", "base64"],
)
def test_a_known_secret_is_found_in_every_spelling(spell, lead):
    assert kinds(b"before " + spell(SECRET, lead) + b" after", mine=SECRET) == {"mine"}


def zipped(raw):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", raw)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "wrap",
    [
        zipped,
        lambda raw: b"%PDF-1.7\nstream\n" + zlib.compress(raw) + b"\nendstream",
        lambda raw: b'{"body":"' + base64.b64encode(raw) + b'"}',
        lambda raw: b'{"body":"' + base64.b64encode(base64.b64encode(raw)) + b'"}',
    ],
    ids=["zip", "pdf", "base64", "base64 twice"],
)
def test_a_secret_is_found_where_text_is_hidden(wrap):
    raw = b'{"note": "this document holds ' + SECRET.encode() + b'", "and": "more text"}'
    assert kinds(wrap(raw), mine=SECRET) == {"mine"}


@pytest.mark.parametrize(
    "raw",
    [
        b"password = read_password()", b'{"password": "(taken out)"}', b"token: str = ''",
        b"https://example.com/path:8443/@here", b"sha256 = " + b"a" * 64,
        b"-----BEGIN PUBLIC KEY-----\nMCow", b"Bearer {token}",
    ],
)
def test_what_is_no_secret_is_not_found(raw):
    assert kinds(raw, mine=SECRET) == set()


def test_a_declared_example_is_no_secret_by_its_looks():
    raw = b'EXAMPLE_PASSWORD = "example-only-password"'
    assert SecretSearch({}).search("here", raw) == {Found("here", "a named secret")}
    assert SecretSearch({}, ("example-only-password",)).search("here", raw) == set()


def test_nothing_says_the_value_of_a_secret():
    (found,) = SecretSearch({"mine": SECRET}).search("here", SECRET.encode())
    assert SECRET not in repr(found)


@pytest.mark.parametrize("broken", [b"PK\x03\x04broken", b"%PDF-1.7\nstream\nx\nendstream", b"\xff"])
def test_what_cannot_be_unwrapped_is_searched_as_it_is(broken):
    assert kinds(broken + SECRET.encode(), mine=SECRET) == {"mine"}


@pytest.mark.parametrize("spelled", [SECRET, SECRET.encode().hex(), "(taken out)"])
def test_no_run_is_sealed_that_holds_a_secret_of_its_people(tmp_path, spelled):
    (tmp_path / "wire").mkdir()
    (tmp_path / "wire" / "one.jsonl").write_text(f'{{"password":"{spelled}"}}')
    people = PeopleCredentials(SECRET, "A" * 32)
    if spelled == "(taken out)":
        check_no_secrets(tmp_path, people)
        return
    with pytest.raises(HarnessFailed, match=r"wire/one\.jsonl holds the password") as caught:
        check_no_secrets(tmp_path, people)
    assert SECRET not in str(caught.value)
