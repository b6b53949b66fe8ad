"""A target file that cannot be used is one sentence, whatever is wrong with it."""

import pytest

from gxproof.target import TargetError, read_target

GOOD = """
name = "pair"
kind = "reference"
level = "Qualified"
site_zone = "Europe/Zurich"
mes = { url = "https://127.0.0.1:8443" }
wms = { url = "https://127.0.0.1:8444" }
tls = { authority = "ca.pem" }
[harness]
source = "urn:example:harness"
certificate = "h.pem"
certificate_key = "h.key"
signing_key = "h.sign"
[counterpart.mes]
source = "urn:example:mes"
certificate = "h.pem"
certificate_key = "h.key"
signing_key = "h.sign"
[counterpart.wms]
source = "urn:example:wms"
certificate = "h.pem"
certificate_key = "h.key"
signing_key = "h.sign"
[relay]
mes = { certificate = "h.pem", certificate_key = "h.key" }
wms = { certificate = "h.pem", certificate_key = "h.key" }
server = { certificate = "h.pem", certificate_key = "h.key" }
"""


def refused(tmp_path, text):
    path = tmp_path / "target.toml"
    path.write_text(text)
    with pytest.raises(TargetError) as caught:
        read_target(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_good_form_is_refused_for_its_files_alone(tmp_path):
    assert "h.pem cannot be used" in refused(tmp_path, GOOD)


@pytest.mark.parametrize(
    "url",
    [
        "https://[::1",
        "https://a..b:443",
        "https://" + "a" * 300,
        "https://a:b@host",
        "https://host?x=1",
        "https://host#x",
        "http://host",
        "https://host:123456",
        "https://",
    ],
)
def test_an_address_that_is_none_is_named(tmp_path, url):
    assert "mes.url" in refused(tmp_path, GOOD.replace("https://127.0.0.1:8443", url))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('name = "pair"', 'name = ""', "name"),
        ('source = "urn:example:harness"', 'source = ""', "harness.source"),
        ("[relay]", '[people]\npassword = "short"\n[relay]', "people.password"),
        ("[relay]", '[people]\ntotp_secret = "aaaa"\n[relay]', "people"),
        ('authority = "ca.pem"', 'authority = "ca\\u0000.pem"', "cannot be used"),
    ],
)
def test_a_member_that_cannot_be_used_is_named(tmp_path, old, new, named):
    assert named in refused(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize("tail", ["x = " + "[" * 5000 + "]" * 5000, "x = " + "1" * 5000])
def test_what_no_reader_can_hold_is_no_toml(tmp_path, tail):
    assert "is not TOML" in refused(tmp_path, GOOD + tail)
