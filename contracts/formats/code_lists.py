"""Code lists of other bodies that GS1 values refer to, from ``code_lists.toml``.

A body adds a code once in a few years; an unknown one is a finding with the code in it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

_LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

COUNTRIES = frozenset(_LISTS["countries"].split())
"""Numeric country codes. Source: ISO 3166-1."""

COUNTRY_LETTERS = frozenset(_LISTS["country_letters"].split())
"""Two-letter country codes. Source: ISO 3166-1."""

CURRENCIES = frozenset(_LISTS["currencies"].split())
"""Numeric currency codes. Source: ISO 4217."""

PACKAGE_TYPES = frozenset(_LISTS["package_types"].split())
"""Package types, with those that GS1 adds. Source: UN/ECE Recommendation 21, annex VI."""

MEDIA_TYPES = frozenset(f"{number:02d}" for number in (*range(1, 11), *range(80, 100)))
"""AIDC media types; 80 to 99 belong to whoever uses them. Source: GS1 General Specifications 3."""
