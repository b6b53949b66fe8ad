"""The user requirements as Gherkin that runs: a ``Rule`` is a requirement with its scenarios."""
