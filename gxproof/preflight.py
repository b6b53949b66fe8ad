"""Before anything is judged: does the target answer, and does it accept the harness.

A finding here is about how the run was set up, never about the systems. Exit code 4.
"""

from __future__ import annotations

import platform
from importlib.metadata import version

from contracts.model.inspection import Configuration, Version
from contracts.model.ports import NoAnswer
from contracts.model.roles import Role
from contracts.record.runs import Environment, Peer
from contracts.wire.clients import ContractBroken, SystemClient, Unexpected
from contracts.wire.system import SystemUnderTest
from gxproof.installation.check import Context
from gxproof.installation.systems import process_ids


class TargetNotReady(RuntimeError):
    """The systems cannot be tested as the run is set up; one sentence."""


def check_ready(sut: SystemUnderTest) -> None:
    """Ask both systems who they are and how they are configured. Raises: TargetNotReady."""
    zones: set[str] = set()
    for role in Role:
        client = sut.client(role)
        try:
            shown = client.ask("version", Version)
            configured = client.ask("configuration", Configuration)
        except NoAnswer as exc:
            raise TargetNotReady(f"the {role.upper()} did not answer: {exc.reason}") from exc
        except Unexpected as exc:
            raise TargetNotReady(f"the {role.upper()} does not accept the harness: {exc}") from exc
        except ContractBroken as exc:
            raise TargetNotReady(
                f"what answers there is no {role.upper()} of this contract: "
                f"{str(exc).splitlines()[0]}"
            ) from exc
        if shown.role is not role:
            raise TargetNotReady(
                f"what answers as {role.upper()} says it is a {shown.role.upper()}; "
                "are the two addresses exchanged?"
            )
        zones.add(configured.site_zone)
    if len(zones) > 1:
        raise TargetNotReady(f"the two systems run in different zones: {', '.join(sorted(zones))}")


def describe(sut: SystemUnderTest) -> Environment:
    """How the run is done, for its record."""
    return Environment(
        mode=sut.mode,
        target=sut.name,
        systems=tuple(_peer(sut.client(role)) for role in Role),
        harness_process=str(process_ids(Context(sut))["harness"]),
        tool=f"gxproof {version('gxproof')}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        platform=f"{platform.system()} {platform.machine()}",
    )


def _peer(client: SystemClient) -> Peer:
    shown = client.ask("version", Version)
    return Peer(
        role=client.role.value,
        system=shown.system,
        software=shown.software,
        address=getattr(client.transport, "url", "in process"),
        process_id=shown.process_id,
        runner_id=shown.runner_id,
        certificate_serial=getattr(client.transport, "certificate_serial", None),
        tls=getattr(client.transport, "tls", None),
    )
