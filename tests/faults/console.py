"""A process of the stack that does what a test asks: one JSON line in, one JSON line out.

    {"act": "submit", "arguments": {...}}  →  {"answer": ...} or {"error": "traceback"}

The functions of `acting.py` can be asked for, and the watcher.
"""

import json
import sys
import traceback
from typing import Any

import django
from django.conf import settings
from django.db import close_old_connections

django.setup()

from tests.faults import acting, judging, watching  # noqa: E402 -- Models exist only now.

MODULES = (acting, judging, watching)


def answer(line: str) -> dict[str, Any]:
    """Do what one line asks."""
    asked = json.loads(line)
    close_old_connections()
    try:
        act = next(getattr(module, asked["act"]) for module in MODULES if hasattr(module, asked["act"]))
        return {"answer": act(**asked["arguments"])}
    except Exception:  # noqa: BLE001 -- The test that asked fails with it.
        return {"error": traceback.format_exc()}
    finally:
        close_old_connections()


def main() -> None:
    """Answer until standard input closes."""
    assert settings.configured
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(line)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
