"""Reads the environment: the one way in for configuration (12-factor)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from parler.devstack import discovery

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


class BadEnvironment(Exception):
    """A variable holds something that Parler cannot use; the message names it."""


@dataclass(frozen=True)
class Environment:
    """Variables of the process, and below them those of a running `manage.py up` on the same data folder."""

    own: Mapping[str, str]
    found: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        return self.own.get(name) or self.found.get(name) or default

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise BadEnvironment(f"{name} must be 1 or 0, not {value!r}.")

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        try:
            return int(value)
        except ValueError:
            raise BadEnvironment(f"{name} must be a whole number, not {value!r}.") from None

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]


def read(data_dir: Path) -> Environment:
    """The environment of this process, completed by the services of a running `manage.py up`."""
    return Environment(own=os.environ, found=discovery.environment(data_dir))
