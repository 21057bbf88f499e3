"""The detector's process beside each worker."""

import sys
from multiprocessing.connection import Connection
from pathlib import Path

from tactful.bulk.serving import serve
from tactful.privacy.budgeted import BudgetedDetector
from tactful.privacy.detector import Detector
from tactful.privacy.policy import Policy


def main() -> None:
    """Arguments: the inherited connection's number, the policy's path, the budget in milliseconds."""
    number, policy, budget_ms = sys.argv[1:4]
    detector = Detector(Policy.load(Path(policy)))
    serve(BudgetedDetector(detector, int(budget_ms)), Connection(int(number)))


if __name__ == "__main__":
    main()
