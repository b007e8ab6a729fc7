"""A signed-in person's browser, reduced to what the tests of faults need of it."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

# Django compares the token of the form with that of the cookie; any will do.
CSRF_TOKEN = "a" * 32
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many seconds. Status 0 means that the connection broke."""

    status: int
    body: str = ""
    location: str = ""
    seconds: float = 0.0

    @property
    def is_accepted(self) -> bool:
        return self.status in (200, 201, 302, 303)


class Browser:
    """Sends forms with the cookies of one session."""

    def __init__(self, base_url: str, session: str) -> None:
        self.host = urlsplit(base_url).netloc
        self.session = session

    def compose(self, text: str, **fields: str) -> Answer:
        """Send the form for a new post."""
        return self.send({"text": text, "visibility": "public", **fields})

    def send(self, fields: dict[str, str]) -> Answer:
        """Send these fields to the page for new posts. Halves of surrogate pairs go out as the bytes they would be."""
        form = urlencode({"csrfmiddlewaretoken": CSRF_TOKEN, **fields}, errors="surrogatepass")
        return self.post("/compose", form.encode(), "application/x-www-form-urlencoded")

    def post(self, path: str, body: bytes, content_type: str) -> Answer:
        """Send these bytes."""
        cookies = f"sessionid={self.session}; csrftoken={CSRF_TOKEN}"
        return request(self.host, path, body, {"Content-Type": content_type, "Cookie": cookies})


class App:
    """Sends posts through the API, with a token."""

    def __init__(self, base_url: str, token: str) -> None:
        self.host = urlsplit(base_url).netloc
        self.token = token

    def post(self, status: str) -> Answer:
        """Create a post."""
        return self.post_raw(json.dumps({"status": status}).encode())

    def post_raw(self, body: bytes) -> Answer:
        """Send these bytes as JSON."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        return request(self.host, "/api/v1/statuses", body, headers)


def request(host: str, path: str, body: bytes | None = None, headers: dict[str, Any] | None = None) -> Answer:
    """One request on a connection of its own; POST when there is a body."""
    connection = http.client.HTTPConnection(host, timeout=TIMEOUT)
    began = time.monotonic()
    try:
        connection.request("GET" if body is None else "POST", path, body, headers or {})
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
        return Answer(response.status, text, response.getheader("Location") or "", time.monotonic() - began)
    except (OSError, http.client.HTTPException):
        return Answer(0, seconds=time.monotonic() - began)
    finally:
        connection.close()
