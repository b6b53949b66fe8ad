"""The files that documents are made from, as text: styles, scripts, notes for the reader."""

from __future__ import annotations

from importlib.resources import files


def template_text(name: str) -> str:
    """A file of the templates. Raises: FileNotFoundError."""
    return files("reports").joinpath("templates", name).read_text(encoding="utf-8")
