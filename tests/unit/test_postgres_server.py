"""The server that tests get: a way that fails leaves nothing that breaks another test."""

import gc
import socket
import warnings
from contextlib import ExitStack

import pytest

from tests.postgres_server import NoServer, _first


def fails_and_leaves_a_socket(_):
    """As a client library does whose error holds the frame with the socket, and itself."""
    left = socket.socket(socket.AF_UNIX)
    error = ConnectionError("nobody answers")
    error.left, error.itself = left, error
    raise error


def open_sockets(ways):
    with warnings.catch_warnings(record=True) as caught, ExitStack() as stack:
        warnings.simplefilter("always")
        try:
            found = _first(stack, ways).url
        except NoServer as exc:
            found = str(exc)
        gc.collect()
    return found, [str(w.message) for w in caught if w.category is ResourceWarning]


def test_what_a_failed_way_left_open_is_gone_before_the_next_is_tried():
    ways = {"container": fails_and_leaves_a_socket, "embedded": lambda _: "postgresql:///there"}
    assert open_sockets(ways) == ("postgresql:///there", [])


def test_where_every_way_fails_all_reasons_are_told():
    found, left = open_sockets({"container": fails_and_leaves_a_socket})
    assert found == "container: ConnectionError: nobody answers"
    assert left == []


def test_no_server_is_never_silence():
    with ExitStack() as stack, pytest.raises(NoServer):
        _first(stack, {})
