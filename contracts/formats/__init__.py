"""Readers of the field's formats, and the checks that judge what was read.

A system may use the readers; the checks are for the judge alone.
"""
