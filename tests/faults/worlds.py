"""A running Parler with somebody who acts, a stranger who reads, and workers of every kind."""

import json
import os
import secrets
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from parler.devstack.postgres import DATABASE
from parler.devstack.processes import Child
from parler.devstack.programs import Programs
from tests.faults import artefacts
from tests.faults.browsing import Answer, Browser, request
from tests.stack import ROOT, Stack, wait_until

LEASE_SECONDS = 2
# A whole Parler on two busy cores: how long something may take that takes a second or two on idle ones.
PATIENCE = 40.0


def new_mark() -> str:
    """A word by which a text is recognised wherever it turns up."""
    return f"mark{secrets.token_hex(6)}"


class World:
    """One for all tests of faults: that the next test finds everything well is a part of surviving."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.stack = stack
        self.gate = folder / "gate"
        self.gate.mkdir()
        self.ruleset, self.model = folder / "ruleset.toml", folder / "model.npz"
        self.repair_scanner()
        stack.env.update(
            PARLER_LEASE_SECONDS=str(LEASE_SECONDS),
            PARLER_RULESET=str(self.ruleset),
            PARLER_MODEL=str(self.model),
            PARLER_TEST_GATE=str(self.gate),
            RATE_POST="100000/600",
            RATE_API_USER="100000/600",
            RATE_API_ANONYMOUS="100000/600",
        )
        keep_commits(stack)
        self.workers: list[Child] = []
        self.accepted: dict[str, int | None] = {}
        self.browser: Browser | None = None
        self.host = ""
        self.seconds: list[float] = []
        self.composed = 0
        self._collecting = Programs(ROOT, stack.data_dir, stack.env).command(
            "collectstatic", "--noinput", "--verbosity", "0"
        )
        self._collecting.start()
        self._console = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.console"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=stack.env,
            cwd=ROOT,
            text=True,
        )
        self.author: str = self.do("make_author")
        self.do("watch")

    def close(self) -> None:
        """End what this class started; the stack is the fixture's."""
        self.stop_workers()
        self._collecting.stop()
        self._console.kill()
        for pipe in (self._console.stdin, self._console.stdout):
            assert pipe
            pipe.close()
        self._console.wait()

    def do(self, act: str, **arguments: Any) -> Any:
        """Have a function of `acting.py` (or the watcher, or a judge) called inside the stack; return its answer."""
        assert self._console.stdin
        assert self._console.stdout
        self._console.stdin.write(json.dumps({"act": act, "arguments": arguments}) + "\n")
        self._console.stdin.flush()
        answer = json.loads(self._console.stdout.readline() or '{"error": "The console has died."}')
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["answer"]

    @property
    def pages(self) -> tuple[str, ...]:
        """Where a stranger comes across posts."""
        return ("/explore", f"/@{self.author}", "/api/v1/timelines/public")

    def submit(
        self, count: int = 1, text: str = "The bread is out of the oven", *, special: str = "", by: str = ""
    ) -> list[int]:
        """Post `count` texts at once, each with a mark of its own; they count as accepted. The eleventh (or last) is `special`."""
        texts = {new_mark(): text for _number in range(count)}
        if special:
            texts[list(texts)[min(10, count - 1)]] = special
        posts: list[int] = self.do(
            "submit", handle=by or self.author, texts=[f"{each} {mark}" for mark, each in texts.items()]
        )
        self.accepted.update(zip(texts, posts, strict=True))
        return posts

    def edit(self, post: int, text: str) -> None:
        """Give a post a new version, which counts as accepted."""
        mark = new_mark()
        self.do("edit", post=post, text=f"{text} {mark}")
        self.accepted[mark] = post

    def start_web(self) -> None:
        """Let the web server run, for this and all later tests, with a signed-in browser; a stranger reads its pages."""
        if self.browser is None:
            self._collecting.finish()
            base_url = self.stack.start_web()
            self.host = self.stack.base_url.removeprefix("http://")
            self.browser = Browser(base_url, self.do("sign_in", handle=self.author))
            self.do("watch_pages", addresses=[base_url + page for page in self.pages])

    def try_to_compose(self, extra: str = "") -> Answer:
        """Send the form for a new post; when it is answered as accepted, the post counts as such."""
        assert self.browser
        mark = new_mark()
        answer = self.browser.compose(f"Written in a browser {mark} {extra}")
        self.seconds.append(answer.seconds)
        if answer.is_accepted:
            self.accepted[mark] = int(answer.location.rpartition("-")[2])
            self.composed += 1
        return answer

    def compose(self) -> int:
        """Post through the form; return the post's id."""
        answer = self.try_to_compose()
        assert answer.is_accepted, answer
        return int(answer.location.rpartition("-")[2])

    def wait_for_more_posts(self) -> int:
        """Return how many posts were accepted in browsers when two more are."""
        before = self.composed
        wait_until(lambda: self.composed > before + 1, "posts are accepted", PATIENCE)
        return self.composed

    def start_worker(self, concurrency: int = 1, *, is_fragile: bool = False) -> Child:
        """One more worker; a fragile one has a pattern engine that can be made to die and to wait."""
        programs = Programs(ROOT, self.stack.data_dir, self.stack.env)
        worker = programs.worker(concurrency)
        number = len(self.workers)
        module = "tests.faults.fragile_worker" if is_fragile else "celery"
        command = [module if part == "celery" else part for part in worker.command]
        worker = replace(
            worker,
            command=[*command, "--hostname", f"worker{number}@%h"],
            log=self.stack.data_dir / "log" / f"worker{number}-{secrets.token_hex(3)}.log",
        )
        self.workers.append(worker)
        worker.start()
        return worker

    def start_workers(self, *concurrencies: int, is_fragile: bool = False) -> list[Child]:
        """Workers that all take messages when this returns."""
        workers = [self.start_worker(concurrency, is_fragile=is_fragile) for concurrency in concurrencies]
        for worker in workers:
            wait_until_ready(worker)
        return workers

    def begin(self) -> None:
        """Sound files and an empty gate for the next test."""
        self.repair_scanner()
        for file in self.gate.iterdir():
            file.unlink()
        self.seconds.clear()

    def start_missing_servers(self) -> None:
        """A test that failed in the middle of its fault must not make the next ones fail."""
        for server in (self.stack.broker, self.stack.database):
            if server.process and not server.process.is_running:
                server.start()

    def stop_workers(self) -> None:
        for worker in self.workers:
            worker.kill()
        self.workers.clear()

    def signal_broker(self, number: signal.Signals) -> None:
        """Send a signal to Valkey itself: SIGSTOP makes it hang, SIGCONT wakes it."""
        process = self.stack.broker.process
        assert process
        assert process._process
        for stat in Path("/proc").glob("[0-9]*/stat"):
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[1]) == process._process.pid:
                os.kill(int(stat.parent.name), number)

    def drain(self) -> None:
        """Return when everything is decided, and ring meanwhile as an impatient beat does."""
        assert self.do("drain", seconds=PATIENCE) == 0

    def wait_at_gate(self) -> None:
        """Return when a fragile worker is in the middle of a text with the word “lingering”."""
        self.do("ring")
        wait_until(lambda: any(self.gate.glob("waits-*")), "a worker waits inside its scan", PATIENCE)

    def open_gate(self) -> None:
        (self.gate / "open").touch()

    def repair_scanner(self) -> None:
        """Put sound files where the scanner looks for them."""
        artefacts.write_ruleset(self.ruleset, artefacts.GOOD_RULE)
        artefacts.write_model(self.model)

    def assert_sound(self) -> None:
        """Nothing uncleared was ever served, nothing accepted is lost, everything is decided exactly once."""
        seen = self.do("look_at_sightings")
        assert seen["looks"] > 0
        wrong = self.do("find_unclearedly_seen", first_seen=seen["first_seen"], last_look=seen["last_look"])
        wrong += self.do("find_lost", accepted=self.accepted)
        wrong += self.do("find_wrongly_decided")
        assert not wrong, wrong

    def assert_seen(self, post: int) -> None:
        """The stranger sees the post before long, also on pages: a reader who sees nothing proves nothing."""
        mark = next(mark for mark, of_post in self.accepted.items() if of_post == post)
        wait_until(
            lambda: mark in self.do("look_at_sightings")["first_seen"], "a stranger reads the post", PATIENCE
        )
        for page in self.pages if self.browser else ():
            answer = request(self.host, page)
            assert mark in answer.body, (page, answer.status)


def keep_commits(stack: Stack) -> None:
    """A throw-away database forgets the last commits when it is killed; here that would be the fault of the tests."""
    with psycopg.connect(stack.database.url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {DATABASE} SET synchronous_commit = on")


def wait_until_ready(worker: Child) -> None:
    """Return when the worker takes messages."""
    wait_until(lambda: " ready." in worker.output() or not worker.is_running, "the worker is ready", PATIENCE)
    assert worker.is_running, worker.last_lines()
