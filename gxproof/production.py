"""The reference started as for production, in process, to look at what it would serve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from contracts.model.operations import Group, operations_of
from contracts.model.ports import HttpRequest
from contracts.model.roles import Role
from contracts.wire.asgi import AsgiTransport
from gxproof.in_process import HARNESS, make_identities, settings_for
from reference_impl.bootstrap import application, build
from reference_impl.settings import PasswordCost


@dataclass(frozen=True)
class ProductionAnswers:
    """Statuses of all stimulus operations, and the password scheme with its cost."""

    stimulus_statuses: tuple[int, ...]
    password_scheme: str


def production_like() -> dict[Role, ProductionAnswers]:
    """Start each role outside test mode, ask, and stop it."""
    identities = make_identities()
    with TemporaryDirectory(prefix="gxproof-production-") as name:
        return {role: _ask(role, identities, Path(name)) for role in Role}


def _ask(role: Role, identities, folder: Path) -> ProductionAnswers:  # type: ignore[no-untyped-def]
    settings = replace(
        settings_for(role, identities, folder), test_mode=False, password_cost=PasswordCost()
    )
    system = build(settings, lambda url: None)
    try:
        transport = AsgiTransport(application(system), identities[HARNESS].name)
        statuses = tuple(
            transport.send(
                HttpRequest(o.method, o.path, "", {"content-type": o.media_type}, b"{}")
            ).status
            for o in operations_of(role, Group.STIMULUS)
        )
        return ProductionAnswers(statuses, system.accounts.scheme)
    finally:
        system.close()
