"""``gxproof backup``, ``verify-backup``, ``restore``: what a person reads, and the exit code."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typer.testing import CliRunner

from contracts.model.roles import Duty, Role
from contracts.model.stimulus import Person
from contracts.record.backups import RestoreTest
from contracts.wire.identity import write_private_key
from gxproof.cli import app
from gxproof.in_process import known_at, make_identities
from gxproof.pair import _known
from reference_impl.bootstrap import build
from reference_impl.process_settings import read_settings
from reference_impl.records.work import Cause
from reference_impl.watching.backups import last_backup, last_restore_test


@pytest.fixture
def host(tmp_path):
    """Hosts of both systems: settings files, keys, and records of the warehouse."""
    identities = make_identities()
    for role in Role:
        own = identities[role.value]
        write_private_key(tmp_path / f"{role}.key", own.key)
        public = own.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / f"{role}.pem").write_bytes(public)
        (tmp_path / f"{role}.json").write_text(json.dumps({
            "role": role.value, "partner_url": "https://127.0.0.1:1", "site_zone": "Europe/Zurich",
            "identity": {
                "source": own.source, "name": own.name,
                "signing_key": str(tmp_path / f"{role}.key"),
            },
            "partners": [_known(known) for known in known_at(role, identities)],
            "partner_system": identities[role.partner.value].source,
            "database": str(tmp_path / f"{role}.sqlite"), "test_mode": True,
            "tls": {"certificate": "none"},
        }))
    content = json.loads((tmp_path / "wms.json").read_text())
    build(read_settings(content), lambda _: None).close()
    (tmp_path / "new.json").write_text(
        json.dumps({**content, "database": str(tmp_path / "new.sqlite")})
    )
    return tmp_path


def said(*arguments):
    ended = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return ended.exit_code, ended.output


def test_a_backup_is_taken_verified_and_restored(host):
    taken = said("backup", "--settings", host / "wms.json", "--out", host / "one")
    assert taken[0] == 0
    assert "BACKED UP  WMS urn:gxproof:wms" in taken[1]
    # They hold what people sign in with.
    assert {path.stat().st_mode & 0o077 for path in (host / "one", *(host / "one").iterdir())} == {0}
    for how in (("--settings", host / "wms.json"), ("--key", host / "wms.pem")):
        assert said("verify-backup", host / "one", *how)[1].startswith("VERIFIED  WMS")
    code, text = said("restore", host / "one", "--settings", host / "new.json")
    assert (host / "new.sqlite").stat().st_mode & 0o077 == 0
    assert (code, text.startswith("RESTORED  WMS")) == (0, True)
    assert (host / "new.sqlite").exists()


@pytest.fixture
def staffed(host):
    """The same host, with an administrator and a picker."""
    system = build(read_settings(json.loads((host / "wms.json").read_text())), lambda _: None)
    with system.work(system.itself(), Cause("a test", "T-1")) as work:
        for name, duty in (("EX-ADMIN", Duty.ADMINISTRATOR), ("EX-PICK", Duty.PICKER)):
            system.accounts.keep(work, Person(
                person_id=name, printed_name=name, duties=(duty,),
                password="example-only-password",
            ))
    system.close()
    assert said("backup", "--settings", host / "wms.json", "--out", host / "one")[0] == 0
    return host


def test_a_restore_tells_whose_accounts_are_to_be_reviewed(staffed):
    code, text = said(
        "restore", staffed / "one", "--settings", staffed / "new.json", "--reviewed", "EX-ADMIN"
    )
    assert code == 0
    assert [line for line in text.splitlines() if line.startswith("LOCKED")] == [
        "LOCKED  EX-PICK: review whether it was closed since or got other credentials, "
        "which are those of the backup again; then unlock it"
    ]


@pytest.mark.parametrize("reviewed", [(), ("--reviewed", "EX-PICK"), ("--reviewed", "EX-NO")])
def test_a_restore_that_would_lock_everybody_out_is_not_begun(staffed, reviewed):
    code, text = said(
        "restore", staffed / "one", "--settings", staffed / "new.json", *reviewed
    )
    assert (code, text.count("\n")) == (2, 1)
    assert "EX-NO has no open account" in text or "In this backup: EX-ADMIN" in text
    assert not list(staffed.glob("*new.sqlite*"))


def test_every_restore_test_leaves_a_record_of_its_own(host):
    assert said("backup", "--settings", host / "wms.json", "--out", host / "one")[0] == 0
    names = ["one.restore-test.json", "one.2.restore-test.json"]
    for name in names:
        code, text = said("restore-test", host / "one", "--settings", host / "wms.json")
        assert (code, text.splitlines()[-1]) == (0, f"Signed record: {host / name}")
    left = sorted(path.name for path in host.glob("one.*"))
    assert left == sorted([*names, *(f"{name}.sig" for name in names)])
    settings = read_settings(
        {**json.loads((host / "wms.json").read_text()), "backups": str(host)}
    )
    tested = [RestoreTest.from_json(json.loads((host / name).read_text())) for name in names]
    assert last_restore_test(settings) == max(one.tested_at for one in tested)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("backup", "--settings", "wms.json", "--out", "one"), 2, "is not empty"),
        (("backup", "--settings", "nothing.json", "--out", "two"), 2, "nothing.json cannot be read"),
        (("backup", "--settings", "mes.json", "--out", "two"), 2, "mes.sqlite is not there"),
        (("backup", "--settings", "wms.pem", "--out", "two"), 2, "holds no settings of a system"),
        (("backup", "--settings", "empty.json", "--out", "two"), 2, "names no identity"),
        (("backup", "--settings", "keyless.json", "--out", "two"), 2, "gone.key cannot be read"),
        (("verify-backup", "one"), 2, "name one of --settings and --key"),
        (("verify-backup", "one", "--key", "wms.json"), 2, "no public key in PEM"),
        (("verify-backup", "one", "--key", "nothing.pem"), 2, "nothing.pem cannot be read"),
        (("verify-backup", "nowhere", "--key", "wms.pem"), 2, "is no folder"),
        (("verify-backup", "one", "--key", "mes.pem"), 1, "REFUSED  manifest.json is not what"),
        (("verify-backup", "damaged", "--key", "wms.pem"), 1, "REFUSED  database.sqlite is not the"),
        (("verify-backup", "hollow", "--key", "wms.pem"), 1, "manifest.json cannot be read"),
        (("restore", "one", "--settings", "mes.json"), 2, "is a backup of the WMS"),
        (("restore", "one", "--settings", "wms.json"), 2, "wms.sqlite is there already"),
        (("restore", "damaged", "--settings", "new.json"), 1, "REFUSED  database.sqlite"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(host, monkeypatch, arguments, code, words):
    monkeypatch.chdir(host)
    assert said("backup", "--settings", "wms.json", "--out", "one")[0] == 0
    shutil.copytree("one", "damaged")
    content = bytearray((host / "damaged" / "database.sqlite").read_bytes())
    content[9000] ^= 1
    (host / "damaged" / "database.sqlite").write_bytes(content)
    (host / "hollow").mkdir()
    (host / "empty.json").write_text("{}")
    keyless = json.loads((host / "wms.json").read_text())
    keyless["identity"]["signing_key"] = str(host / "gone.key")
    (host / "keyless.json").write_text(json.dumps(keyless))
    before = sorted(path.name for path in host.iterdir())
    got, text = said(*arguments)
    assert got == code, text
    assert words in text
    assert text.count("\n") == 1
    assert sorted(path.name for path in host.iterdir()) == before


@pytest.mark.parametrize("records", ["", "of MES"], ids=["an empty file", "of the other system"])
def test_a_file_that_is_not_the_database_of_the_system_is_not_backed_up(host, records):
    database = host / "wms.sqlite"
    for path in host.glob("wms.sqlite*"):
        path.unlink()
    database.touch()
    if records:
        content = json.loads((host / "mes.json").read_text())
        build(read_settings(content), lambda _: None).close()
        shutil.copyfile(host / "mes.sqlite", database)
    code, text = said("backup", "--settings", host / "wms.json", "--out", host / "one")
    assert (code, (host / "one").exists()) == (2, False)
    assert text.startswith("this is not the database of a WMS: ")


@pytest.mark.parametrize("name", ["of #1", "of 50%41", "why?mode=rw", "zwölf"])
def test_a_folder_may_be_called_what_it_is_called(host, name):
    assert said("backup", "--settings", host / "wms.json", "--out", host / name)[0] == 0
    assert said("verify-backup", host / name, "--key", host / "wms.pem")[1].startswith("VERIFIED")
    new = host / f"{name}.sqlite"
    settings = {**json.loads((host / "new.json").read_text()), "database": str(new)}
    (host / "new.json").write_text(json.dumps(settings))
    code, text = said("restore", host / name, "--settings", host / "new.json")
    assert (code, new.exists()) == (0, True), text


def _link(path):
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def _folder(path):
    path.unlink()
    path.mkdir()


def _pipe(path):
    path.unlink()
    os.mkfifo(path)


def _endless(path):
    """As large as no memory: it takes no room on the disk."""
    os.truncate(path, 1 << 40)


@pytest.mark.parametrize("damage", [_link, _folder, _pipe, _endless])
@pytest.mark.parametrize("name", ["manifest.json", "manifest.sig", "database.sqlite"])
def test_what_is_no_file_of_its_own_is_damage(host, name, damage):
    assert said("backup", "--settings", host / "wms.json", "--out", host / "one")[0] == 0
    damage(host / "one" / name)
    for command in (
        ("verify-backup", host / "one", "--key", host / "wms.pem"),
        ("restore", host / "one", "--settings", host / "new.json"),
        ("restore-test", host / "one", "--settings", host / "wms.json"),
    ):
        code, text = said(*command)
        assert (code, text.startswith("REFUSED  ")) == (1, True), (command, text)
        assert name in text
    assert not (host / "new.sqlite").exists()


def test_a_backup_counts_while_all_of_it_is_there(host):
    assert said("backup", "--settings", host / "wms.json", "--out", host / "kept" / "one")[0] == 0
    settings = read_settings(
        {**json.loads((host / "wms.json").read_text()), "backups": str(host / "kept")}
    )
    assert last_backup(settings) is not None
    (host / "kept" / "one" / "database.sqlite").unlink()
    assert last_backup(settings) is None
