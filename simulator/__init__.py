"""The plant: what physically happens, what goes wrong on the way, and the judgement of records.

The simulator meets the two systems through their published interfaces alone.
"""
