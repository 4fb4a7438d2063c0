"""Disturb runs, and print what was found as JSON: `python -m tests.endurance WHAT FOLDER …`.

A process of its own, with one thread: after a fork the child works at once, with everything
imported, so that a kill costs a twentieth of a second.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.endurance.disks import fill
from tests.endurance.faults import fail_at_each_call
from tests.endurance.kills import kill
from tests.endurance.races import race

if TYPE_CHECKING:
    from collections.abc import Callable

WHAT: dict[str, Callable[..., dict[str, object]]] = {
    "kill": kill,
    "fail": fail_at_each_call,
    "race": race,
    "fill": fill,
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(WHAT[sys.argv[1]](Path(sys.argv[2]), **json.loads(sys.argv[3]))))
