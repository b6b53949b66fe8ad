"""What can be told of a command by how it is declared."""

from typing import Self

import pytest

from contracts.model.commands import SignatureComponents, may_be_signed
from contracts.model.envelope import Payload
from contracts.model.wire_model import WireModel


class _Inside(WireModel):
    inner: Self | None = None
    words: str


class _Signed(_Inside):
    signature: SignatureComponents | None = None


@pytest.mark.parametrize(
    ("model", "may"),
    [(_Inside, False), (_Signed, True), (SignatureComponents, True), (Payload, True)],
)
def test_whether_a_person_may_sign_in_a_model_is_told_by_its_declaration(model, may):
    assert may_be_signed(model) is may
