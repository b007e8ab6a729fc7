"""What `manage.py up` is asked for, and the environment that follows from it."""

import argparse
import errno
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parler.devstack import discovery
from parler.devstack.processes import ProcessError
from parler.env import Environment

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Options:
    """The command line of `up`."""

    host: str
    port: int
    data_dir: Path
    workers: int
    is_demo: bool

    @property
    def address(self) -> str:
        """What a person types into the browser. Passkeys work on `localhost`, never on a bare IP address."""
        host = "localhost" if self.host in LOOPBACK else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def parse(arguments: Sequence[str], root: Path) -> Options:
    """Reads the command line; prints help and ends where it is asked for or wrong."""
    parser = argparse.ArgumentParser(
        "manage.py up", description="Sets up and runs all of Parler until Ctrl-C."
    )
    parser.add_argument("--port", type=int, default=8000, help="port of the web server (8000)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this computer only)"
    )
    parser.add_argument(
        "--demo",
        action="store_true",
        help="add a small, believable world and print log-ins; only with DEBUG on",
    )
    parser.add_argument("--data", type=Path, default=None, help="folder for everything that is kept (var)")
    parser.add_argument("--workers", type=int, default=1, help="processes that scan posts (1)")
    given = parser.parse_args(arguments)
    if given.workers < 1:
        parser.error("--workers must be at least 1.")
    data_dir = given.data.resolve() if given.data else discovery.data_folder(os.environ, root)
    return Options(
        host=given.host, port=given.port, data_dir=data_dir, workers=given.workers, is_demo=given.demo
    )


def environment(options: Options, given: Mapping[str, str]) -> dict[str, str]:
    """The environment of all of Parler's processes: what is given, completed for local use.

    DEBUG is on only for the demo, and there only where nobody but this computer can reach the server.
    """
    is_local = options.host in LOOPBACK
    hosts = ["localhost", "127.0.0.1", "[::1]", *([] if is_local else [options.host, socket.gethostname()])]
    local = {
        "DEBUG": default_debug(options),
        "PARLER_URL": options.address,
        "ALLOWED_HOSTS": ",".join(hosts),
        # The log-ins of the demo are there to be tried; they have a password only.
        "STAFF_SECOND_FACTOR": "0" if default_debug(options) == "1" else "1",
    }
    complete = {**local, **{name: value for name, value in given.items() if value}}
    complete["PARLER_DATA"] = str(options.data_dir)
    if not complete.get("SECRET_KEY"):
        complete["SECRET_KEY"] = discovery.secret_key(options.data_dir)
    return complete


def default_debug(options: Options) -> str:
    """What DEBUG is when the environment does not say."""
    return "1" if options.is_demo and options.host in LOOPBACK else "0"


def is_debug(variables: Mapping[str, str]) -> bool:
    """Whether the processes will run with DEBUG on."""
    return Environment(own=variables).flag("DEBUG", default=False)


def check_port(options: Options) -> None:
    """Raises ProcessError when the web server could not listen where it is asked to."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            options.host, options.port, type=socket.SOCK_STREAM
        )[0]
    except (OSError, OverflowError) as error:
        raise ProcessError(f"{options.host}:{options.port} is no address to listen on ({error}).") from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ProcessError(
                    f"Port {options.port} on {options.host} is taken by another program; choose one with --port."
                ) from None
            raise ProcessError(f"Cannot listen on {options.host}:{options.port}: {error.strerror}.") from None
