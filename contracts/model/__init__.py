"""The words of the contract: identifiers, quantities, messages, codes, rules, verdicts, ports.

Standard library and pydantic only; no file, socket or clock is opened here.
"""
