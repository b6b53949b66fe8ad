"""Another major version of the contract beside the present one, told by what differs in it.

While a new major version is rolled out, N and N-1 are accepted side by side: the receiver first,
then the sender. What an edition tells is data; whoever reads or writes it has code of its own.
Source: URS-SCH-003.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.model.envelope import SCHEMA_ROOT
from contracts.model.messages import MessageType


@dataclass(frozen=True)
class Edition:
    """A major version: its full version, and by message the members with another name in it.

    ``renamed`` gives, for each message, the present name of a member and its name in this edition.
    A message that does not stand there has the same members under the new number.
    """

    version: str
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def major(self) -> str:
        """The major version alone."""
        return self.version.partition(".")[0]

    def type_of(self, message: MessageType) -> str:
        """The CloudEvents ``type`` of a message in this edition."""
        return f"gxproof.{message.name}.v{self.major}"

    def schema_of(self, message: MessageType) -> str:
        """The ``dataschema`` of a message in this edition."""
        root = SCHEMA_ROOT.removesuffix("v1")
        return f"{root}v{self.major}/{message.name}/{self.version}"

    def names_of(self, message: str) -> Mapping[str, str]:
        """Present name and name in this edition of the members that have another one here."""
        return self.renamed.get(message, {})
