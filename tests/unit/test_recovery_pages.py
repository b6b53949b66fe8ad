"""What a restored system takes over from its partner, and what it never does."""

import base64
from types import SimpleNamespace

import pytest

from contracts.model.questions import StandsAs
from contracts.model.recovery import SentToAsker
from contracts.model.roles import Role
from reference_impl.web.recovering import UnusablePage, _read

SYSTEM = SimpleNamespace(settings=SimpleNamespace(role=Role.WMS))
SENDER = SimpleNamespace(
    source="urn:example:mes", operations=frozenset({"wms/pick-requested", "wms/journal"})
)


def lost(operation, body="e30="):
    return SentToAsker.model_construct(
        operation=operation, message_id="M-1", body=body, status=200, answer="e30=",
        stands_as=StandsAs.POSTED,
    )


def test_a_message_that_the_partner_may_send_is_read_byte_for_byte():
    raw = b'{"a": 1}'
    operation, body, answer = _read(
        SYSTEM, lost("wms/pick-requested", base64.b64encode(raw).decode()), SENDER
    )
    assert (operation.id, body, answer) == ("wms/pick-requested", raw, b"{}")


@pytest.mark.parametrize("operation", [
    "wms/nonsense", "wms/journal", "mes/pick-confirmed", "wms/lot-status-changed", "",
], ids=["unknown", "no message", "of the other system", "not permitted", "nothing"])
def test_nothing_else_is_taken_for_a_message(operation):
    with pytest.raises(UnusablePage, match="is no message that urn:example:mes may send here"):
        _read(SYSTEM, lost(operation), SENDER)


def test_what_is_not_base64_is_told():
    with pytest.raises(UnusablePage, match="is not in base64"):
        _read(SYSTEM, lost("wms/pick-requested", "~~~"), SENDER)
