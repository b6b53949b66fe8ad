"""Contract checks: cases generated from the published OpenAPI, sent to a system, judged.

They see form and closed lists of refusals; that the business rules hold is for the scenarios.
"""

from features.contract_checks.checking import EXAMPLES, cases_of_all, check_contract
from features.contract_checks.findings import OperationFindings, planned_checks, to_result

__all__ = [
    "EXAMPLES", "OperationFindings", "cases_of_all", "check_contract", "planned_checks",
    "to_result",
]
