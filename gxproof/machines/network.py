"""The harness's end of the machines' network: it calls them, and serves them while it waits.

One thread does both. While the harness waits for an answer, it serves what the machines ask of its
own applications (a relay between them), so that nothing runs beside it and a fork finds no thread.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from pathlib import Path

from contracts.model.ports import HttpRequest, HttpResponse, NoAnswer
from contracts.wire.asgi import App, AsyncAsgiTransport, run
from gxproof.machines import frames

ANSWER_MAX_S = 20.0


class Hosted:
    """An application of the harness that machines can reach at ``url``."""

    def __init__(self, url: str, listener: socket.socket, app: App, close: Callable[[], None]):
        self.url = url
        self.listener = listener
        self.app = app
        self.close = close


class Network:
    """Sockets in one folder: one for each machine, one for each application of the harness."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hosted: dict[socket.socket, Hosted] = {}
        self._made = 0

    def host(self, app: App) -> Hosted:
        """Serve an application whenever the harness waits."""
        self._made += 1
        name = f"relay-{self._made}"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self._folder / f"{name}.sock"))
        listener.listen()

        def close() -> None:
            self._hosted.pop(listener, None)
            listener.close()

        self._hosted[listener] = hosted = Hosted(f"{frames.SCHEME}{name}", listener, app, close)
        return hosted

    def exchange(self, name: str, request: HttpRequest, caller: str) -> HttpResponse:
        """One request to a machine. Raises: NoAnswer."""
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(str(self._folder / f"{name}.sock"))
            except OSError as exc:
                raise NoAnswer(f"{name} does not answer: {exc}", sent=False) from exc
            try:
                connection.sendall(frames.request_frame(request, caller))
            except OSError as exc:
                raise NoAnswer(f"{name} broke the connection: {exc}") from exc
            self._serve_until(connection)
            return frames.read_response(*frames.receive(connection))

    def close(self) -> None:
        """Stop serving."""
        for hosted in list(self._hosted.values()):
            hosted.close()

    def _serve_until(self, answer: socket.socket) -> None:
        """Serve own applications until something can be read of an answer. Raises: NoAnswer."""
        with selectors.DefaultSelector() as ready:
            ready.register(answer, selectors.EVENT_READ)
            for listener in self._hosted:
                ready.register(listener, selectors.EVENT_READ)
            while True:
                found = [key.fileobj for key, _ in ready.select(ANSWER_MAX_S)]
                if not found:
                    raise NoAnswer(f"no answer within {ANSWER_MAX_S:.0f} s")
                if answer in found:
                    return
                for hosted in [h for listener, h in self._hosted.items() if listener in found]:
                    self._serve_one(hosted)

    def _serve_one(self, hosted: Hosted) -> None:
        """Answer one caller; where the application drops the connection, so does this."""
        connection, _ = hosted.listener.accept()
        with connection:
            try:
                request, caller = frames.read_request(*frames.receive(connection))
                response = run(AsyncAsgiTransport(hosted.app, caller).send(request))
                connection.sendall(frames.response_frame(response))
            except (NoAnswer, OSError):
                return
