"""The version of the reference integration."""

SOFTWARE = "gxproof-reference 0.1.0"
