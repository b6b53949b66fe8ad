"""The steps: one domain sentence, one call."""
