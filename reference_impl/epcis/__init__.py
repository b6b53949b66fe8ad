"""The repository of events: told of every transaction, captured, sought, corrected."""
