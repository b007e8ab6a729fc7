"""The mail server is away: statements of reasons wait for it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.artefacts import HELD_WORD
from tests.faults.worlds import PATIENCE, World
from tests.stack import free_port, wait_until

pytestmark = pytest.mark.processes


SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Postbox(socketserver.StreamRequestHandler):
    """As much of SMTP as a mail needs to be delivered."""

    def handle(self) -> None:
        self.wfile.write(b"220 postbox\r\n")
        while line := self.rfile.readline().strip().upper():
            if line == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                mail = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.mails.append(mail.decode())  # type: ignore[attr-defined]  # Carried on the server.
            self.wfile.write(b"221 bye\r\n" if line == b"QUIT" else b"250 well\r\n")
            if line == b"QUIT":
                return


@contextmanager
def mail_server(port: int) -> Iterator[list[str]]:
    """The mails that arrived."""
    mails: list[str] = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), Postbox) as server:
        server.mails = mails  # type: ignore[attr-defined]  # Carried on the server.
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield mails
        finally:
            server.shutdown()
            thread.join()


def test_statements_wait_for_a_mail_server_and_are_sent_once(world: World) -> None:
    port = free_port()
    world.stack.env.update(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(port))
    (worker,) = world.start_workers(1)
    (post,) = world.submit(text=f"Go and {HELD_WORD}")
    world.drain()
    world.do("take_down", post=post, moderator=world.do("make_author", role="moderator"))
    world.do("forget_known_texts")
    world.do("make_statements_due")
    world.do("send_notices")
    wait_until(lambda: "statement_not_mailed" in worker.output(), "the mail server is missed", PATIENCE)
    assert world.do("look_at_statement", post=post) == {"attempts": 1, "is_mailed": False}
    with mail_server(port) as mails:
        world.do("make_statements_due")
        world.do("send_notices")
        wait_until(lambda: world.do("look_at_statement", post=post)["is_mailed"], "it is mailed", PATIENCE)
        world.do("send_notices", times=3)
        done = worker.output().count(" succeeded ")
        wait_until(lambda: worker.output().count(" succeeded ") >= done + 1, "it is asked again", PATIENCE)
        assert len([mail for mail in mails if world.author in mail]) == 1
    assert world.do("look_at_statement", post=post) == {"attempts": 2, "is_mailed": True}
    world.drain()
    world.assert_sound()


def test_a_statement_that_cannot_be_mailed_holds_up_no_other(world: World) -> None:
    port = free_port()
    world.stack.env.update(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(port))
    moderator, unreachable = world.do("make_author", role="moderator"), world.do("make_author")
    world.do("break_address", handle=unreachable)
    with mail_server(port) as mails:
        (worker,) = world.start_workers(1)
        posts = world.submit(text=f"Go and {HELD_WORD}", by=unreachable)
        posts += world.submit(text=f"Go and {HELD_WORD}")
        world.drain()
        for post in posts:
            world.do("take_down", post=post, moderator=moderator)
        world.do("forget_known_texts")
        world.do("make_statements_due")
        world.do("send_notices")
        wait_until(
            lambda: world.do("look_at_statement", post=posts[1])["is_mailed"], "the other is mailed", PATIENCE
        )
    assert [world.author in mail for mail in mails] == [True]
    assert world.do("look_at_statement", post=posts[0]) == {"attempts": 1, "is_mailed": False}
    assert "statement_not_mailed" in worker.output()
    world.drain()
    world.assert_sound()
