"""Takes down what a scenario saw: for people a sentence per step, for evidence every byte.

Passwords and session tokens are taken out before anything is written (URS-SVC-003).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from contracts.model.ports import HttpRequest, HttpResponse

_SECRET = re.compile(rb'"(password|newPassword|token|totpSecret)"\s*:\s*"(?:[^"\\]|\\.)*"')
_NAMES = (b'"password"', b'"newPassword"', b'"token"', b'"totpSecret"')
_HIDDEN = "(taken out)"


def without_secrets(raw: bytes) -> str:
    """The text of a body with passwords and tokens taken out; bytes that are no UTF-8 as hex."""
    shown = raw
    if any(name in raw for name in _NAMES):
        shown = _SECRET.sub(lambda m: b'"' + m[1] + b'":"' + _HIDDEN.encode() + b'"', raw)
    try:
        return shown.decode("utf-8")
    except UnicodeDecodeError:
        return f"hex:{raw.hex()}"


class ScenarioRecorder:
    """Collects observations of the current step and writes exchanges as they come."""

    def __init__(self, write: Callable[[dict[str, object]], None]) -> None:
        self._write = write
        self._observed: list[str] = []
        self._exchanges = 0
        self._step = 0

    def next_step(self) -> None:
        """A new step begins."""
        self._step += 1
        self._observed = []

    def observe(self, text: str) -> None:
        """Something a person should read."""
        self._observed.append(text)

    def exchange(
        self, system: str, request: HttpRequest, response: HttpResponse | None, note: str
    ) -> None:
        """One request and its response, with its number in the wire file."""
        self._exchanges += 1
        headers = {k: v for k, v in request.headers.items() if k != "authorization"}
        if "authorization" in request.headers:
            headers["authorization"] = _HIDDEN
        self._write(
            {
                "n": self._exchanges,
                "step": self._step,
                "system": str(system),
                "request": {
                    "method": request.method, "target": request.target, "headers": headers,
                    "body": without_secrets(request.body),
                },
                "response": None if response is None else {
                    "status": response.status, "headers": dict(response.headers),
                    "body": without_secrets(response.body),
                },
                "note": note,
            }
        )

    def observations(self) -> tuple[str, ...]:
        """What was observed in this step; equal neighbours are counted instead of repeated."""
        counted: list[tuple[str, int]] = []
        for text in self._observed:
            if counted and counted[-1][0] == text:
                counted[-1] = (text, counted[-1][1] + 1)
            else:
                counted.append((text, 1))
        return tuple(text if n == 1 else f"{text} ({n} times)" for text, n in counted)
