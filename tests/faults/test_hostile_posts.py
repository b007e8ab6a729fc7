"""Posts made to break something, through the form and the API of the running server."""

import json

import pytest

from tests.faults.browsing import Answer, App
from tests.faults.worlds import World, new_mark

pytestmark = pytest.mark.processes

STACKED_MARKS = "a" + "\u0301" * 1000
HOSTILE_TEXTS = {
    "stacked marks": STACKED_MARKS,
    "a NUL": "bread \x00 and salt",
    "too long": "long " * 300,
    "a control character": "bread \x1b[2J",
    "a megabyte": "x" * 1_000_000,
}


def is_clear_page(answer: Answer) -> bool:
    """A page of ours, in words, that says that it was the sender's fault."""
    return 400 <= answer.status < 500 and "<title>" in answer.body and "Traceback" not in answer.body


def is_clear_json(answer: Answer) -> bool:
    """The form of errors that apps know."""
    if not 400 <= answer.status < 500:
        return False
    error = json.loads(answer.body)["error"]
    return isinstance(error, str) and len(error) > 3


def test_hostile_posts_in_the_form_are_refused_with_a_page_that_says_why(world: World) -> None:
    world.start_web()
    assert world.browser
    marks = {name: new_mark() for name in HOSTILE_TEXTS}
    answers = {name: world.browser.compose(f"{marks[name]} {text}") for name, text in HOSTILE_TEXTS.items()}
    assert {name: answer.status for name, answer in answers.items() if not is_clear_page(answer)} == {}
    assert world.do("stored_texts", parts=list(marks.values())) == []
    # Half a pair is no UTF-8; in a form Django reads it as the sign for what cannot be read.
    assert world.try_to_compose(extra="\ud83c").is_accepted
    assert world.do("stored_texts", parts=["\ufffd"]) == ["\ufffd"]
    assert_everybody_else_can_post(world)


def test_hostile_posts_through_the_api_are_refused_with_an_error_that_apps_can_show(world: World) -> None:
    world.start_web()
    app = App(world.stack.base_url, world.do("make_token", handle=world.author))
    marks = {name: new_mark() for name in [*HOSTILE_TEXTS, "half a pair"]}
    texts = {**HOSTILE_TEXTS, "half a pair": "bread \ud83c and salt"}
    answers = {name: app.post(f"{marks[name]} {text}") for name, text in texts.items()}
    answers |= {
        "no JSON": app.post_raw(b"{"),
        "no UTF-8": app.post_raw(b'{"status": "\xed\xa0\x80"}'),
        "no object": app.post_raw(b"[]"),
        "no text": app.post_raw(b'{"status": {"a": 1}}'),
        "deep": app.post_raw(b'{"status": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
        "huge number": app.post_raw(b'{"status": "x", "in_reply_to_id": ' + b"9" * 6000 + b"}"),
    }
    unclear = {
        name: (answer.status, answer.body[:200])
        for name, answer in answers.items()
        if not is_clear_json(answer)
    }
    assert unclear == {}
    assert world.do("stored_texts", parts=list(marks.values())) == []
    assert_everybody_else_can_post(world)


def assert_everybody_else_can_post(world: World) -> None:
    """The server still takes and shows the posts of others."""
    world.start_workers(1)
    post = world.compose()
    world.drain()
    world.assert_seen(post)
    world.assert_sound()
