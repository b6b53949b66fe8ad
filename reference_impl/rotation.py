"""Certificates, keys and revocations that change while the system runs.

Whoever rotates them writes new files and then the settings file anew; every process of the system
looks at it twice a second. What cannot be read changes nothing and raises an alarm.
Source: URS-SEC-003.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from contracts.model.ports import AsyncTransport
from contracts.model.roles import Role
from contracts.wire.https import AsyncHttpsTransport
from reference_impl.process_settings import read_settings, read_trust
from reference_impl.records.conditions import set_condition
from reference_impl.records.work import Cause
from reference_impl.settings import Settings
from reference_impl.system import System
from reference_impl.web.doors import RenewableContext, Trust, client_context, server_context

POLL_S = 0.5
_BROKERS = ("nats:", "tls:")
_FAILED = "ROTATION_FAILED"


class Connector:
    """Ways to the partner under the certificate that counts now."""

    def __init__(self, trust: Trust, to: Role) -> None:
        self._to = to
        self._ways: dict[str, AsyncTransport] = {}
        self.renew(trust)

    def __call__(self, url: str) -> AsyncTransport:
        """The way to an address."""
        if url not in self._ways:
            self._ways[url] = self._way(url)
        return self._ways[url]

    def _way(self, url: str) -> AsyncTransport:
        """By the scheme of the address: HTTPS, or a broker."""
        if url.startswith(_BROKERS):
            # A plant without a broker needs none of its libraries.
            from contracts.wire.broker import BrokerTransport  # noqa: PLC0415

            return BrokerTransport(
                url, self._to, self._context if url.startswith("tls:") else None
            )
        return AsyncHttpsTransport(url, self._context)

    def renew(self, trust: Trust) -> None:
        """Go by another certificate from now on; what is on its way ends as it began."""
        self._context = client_context(trust)
        self._ways.clear()


class Rotation:
    """Keeps one process in step with its settings file."""

    def __init__(self, path: Path, system: System, connector: Connector) -> None:
        self._path = path
        self._system = system
        self._connector = connector
        self._seen = path.stat().st_mtime_ns
        self.doors = RenewableContext(server_context(read_trust(json.loads(path.read_text()))))

    async def watch(self, stopped: Callable[[], bool]) -> None:
        """Look at the file until ``stopped`` says so."""
        while not stopped():
            await asyncio.sleep(POLL_S)
            self.look()

    def look(self) -> None:
        """Take over what has changed since the last look."""
        changed = self._path.stat().st_mtime_ns
        if changed == self._seen:
            return
        self._seen = changed
        try:
            self._take_over()
        except (OSError, ValueError, KeyError) as exc:
            logging.warning("the new settings cannot be used: %s", exc)
            self._tell(f"{type(exc).__name__}: {exc}")
        else:
            self._tell(None)

    # implements FRS-SEC-004
    def _take_over(self) -> None:
        content = json.loads(self._path.read_text())
        settings, trust = read_settings(content), read_trust(content)
        doors = server_context(trust)
        system, before = self._system, self._system.settings
        with system.work(system.itself("rotation"), Cause("settings file", "rotation")) as work:
            work.setting_changed("trust", "keys", _keys(before), _keys(settings))
            system.services.renew(settings.partners, work.connection, work.now)
        self._connector.renew(trust)
        self.doors.current = doors
        system.settings = replace(
            before, identity=settings.identity, partners=settings.partners,
            certificates=settings.certificates,
        )
        system.meet_partner()

    def _tell(self, trouble: str | None) -> None:
        system = self._system
        with system.work(system.itself("rotation"), Cause("settings file", "rotation")) as work:
            set_condition(work, _FAILED, trouble)


def _keys(settings: Settings) -> str:
    """The keys that count: our own, and those of every partner."""
    partners = ", ".join(sorted(partner.key_id for partner in settings.partners))
    return f"own {settings.identity.known.key_id}; partners {partners}"
