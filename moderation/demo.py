"""A small, believable world to look at: accounts, threads, an open queue, one decision with its reasons.

Everything in it goes through the same gate as what people write; nothing is marked as cleared by hand.
"""

from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Follow, User
from accounts.roles import Role
from moderation import appointing, deciding, queueing, reporting, screening
from moderation.figures import rolling_up
from moderation.measures import Measure
from moderation.models import Case
from moderation.taxonomy import Violation
from posts import presenting, publishing, reacting
from posts.models import Post
from posts.publishing import Draft

PASSWORD = "parler-demo-2021"  # noqa: S105  Printed for everybody who starts the demo, which is only possible in development.
READER = "nordlicht"
MODERATOR = "desk"

# handle: (language, display name, biography)
PEOPLE = {
    READER: ("de", "Nordlicht", "Fahrrad, Wetter, Lokalpolitik. Meistens freundlich."),
    "harbour_fox": ("en", "Harbour Fox", "Photographs of boats. Opinions about boats."),
    "kiln_and_clay": ("en", "Kiln & Clay", "A small pottery. We ship on Thursdays."),
    "zugvogel": ("de", "Zugvogel", "Pendelt. Zählt Verspätungen."),
    "night_baker": ("en", "Night Baker", "Up at three so that you have bread at seven."),
    "satzzeichen": ("de", "Satzzeichen", "Lektorat. Ja, auch Ihre Kommas."),
    "trail_notes": ("en", "Trail Notes", "Walking, slowly."),
    "council_watch": (
        "en",
        "Council Watch",
        "Minutes of public meetings, so that you need not sit through them.",
    ),
    "quiet_engine": ("en", "Quiet Engine", "Retired engineer. Ask me about valves."),
    "laubfrosch": ("de", "Laubfrosch", "Garten, Teich, Gejammer über Schnecken."),
    "angry_pen": ("en", "Angry Pen", ""),
    MODERATOR: ("en", "The desk", "Reads what the machine holds."),
}

# author, text, index of the post it comments on (or None)
POSTS: list[tuple[str, str, int | None]] = [
    ("night_baker", "Good morning. The first loaves are out and the street smells of rye.", None),
    ("harbour_fox", "Fog so thick this morning that the ferry sounded its horn at a seagull. #harbour", None),
    ("trail_notes", "@harbour_fox I heard that from the hill. I thought it was a very large seagull.", 1),
    (
        "kiln_and_clay",
        "Opened the kiln: forty mugs, one survivor of the new glaze. We shall call it limited edition. #pottery",
        None,
    ),
    ("quiet_engine", "@kiln_and_clay too fast on the cooling? Leave the lid shut another four hours.", 3),
    ("kiln_and_clay", "@quiet_engine four hours is a long time when you are curious. But yes.", 4),
    ("zugvogel", "Tag 212: Der Zug ist pünktlich. Ich weiß nicht, wohin mit meinen Händen. #bahn", None),
    (READER, "@zugvogel Genieß es. Morgen ist auch noch ein Tag.", 6),
    (
        "satzzeichen",
        "„Komm wir essen Opa“ – und schon wieder hat ein Komma ein Leben gerettet. #lektorat",
        None,
    ),
    (
        "council_watch",
        "The council votes on the new bus lanes tonight. Public gallery is open from six. #localpolitics",
        None,
    ),
    (
        "trail_notes",
        "@council_watch I disagree with every word of the proposal and will say so, politely, for three minutes.",
        9,
    ),
    (
        "laubfrosch",
        "Die Schnecken haben gewonnen. Ich habe ihnen den Salat übergeben und um milde Bedingungen gebeten. #garten",
        None,
    ),
    (READER, "@laubfrosch Die Verhandlungen hätte ich gern gesehen.", 11),
    ("quiet_engine", "This old pump is killing me: three gaskets in a week.", None),
    (
        "night_baker",
        "Police report that a man who threatened to burn the bakery in the next town was arrested. Everybody there is well.",
        None,
    ),
    (
        "harbour_fox",
        "We will destroy them on Saturday. Tug of war, harbour against hill, three o'clock. #harbour",
        None,
    ),
]

HELD = [
    ("angry_pen", "Somebody should shoot the mayor at the meeting tonight. Bring your rifles."),
    ("angry_pen", "I know where you live @council_watch and I will come and kill you."),
    ("angry_pen", "Hang every one of those traitors in front of the town hall."),
    ("angry_pen", "Man sollte die alle an die Wand stellen und abknallen."),
]

REPORTED = (
    "harbour_fox",
    "Whoever parks in front of the slipway again will find out what a harbour crane is for.",
)


@transaction.atomic
def seed() -> None:
    """Fill an empty installation; one that has the demo already stays as it is."""
    if User.objects.named(MODERATOR).exists():
        return
    people = {handle: _make(handle, *texts) for handle, texts in PEOPLE.items()}
    appointing.appoint(people[MODERATOR], Role.SENIOR_MODERATOR, by=None)
    screening.screen_due()
    posts = _write(people)
    for follower in (READER, "harbour_fox", "trail_notes"):
        for followed in PEOPLE.keys() - {follower, "angry_pen"}:
            Follow.objects.create(follower=people[follower], followed=people[followed])
    for number, post in enumerate(posts):
        for handle in list(PEOPLE)[: number % 5]:
            reacting.upvote(post, by=people[handle])
    publishing.submit(people["trail_notes"], Draft(echoed=posts[0]))
    publishing.submit(people[READER], Draft(text="Das hier, jeden Morgen.", language="de", echoed=posts[0]))
    screening.screen_due()
    _fill_the_queue(people)
    rolling_up.roll_up_due()


@cache
def _hashed_password() -> str:
    """Hashing is slow on purpose; one hash does for everybody here."""
    return make_password(PASSWORD)


def _make(handle: str, language: str, name: str, biography: str) -> User:
    user = User(handle=handle, email=f"{handle}@demo.invalid", language=language, password=_hashed_password())
    User.objects.register(user)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    presenting.present(user, name=name, biography=biography)
    return user


def _write(people: dict[str, User]) -> list[Post]:
    """The threads; each post is judged before the next comments on it."""
    posts: list[Post] = []
    for handle, text, parent in POSTS:
        draft = Draft(
            text=text, language=people[handle].language, parent=None if parent is None else posts[parent]
        )
        posts.append(publishing.submit(people[handle], draft))
        screening.screen_due()
        posts[-1].refresh_from_db()
    return posts


def _fill_the_queue(people: dict[str, User]) -> None:
    """Posts that the machine holds, one that people report, and one that is decided already."""
    for handle, text in HELD:
        publishing.submit(people[handle], Draft(text=text))
    author, text = REPORTED
    reported = publishing.submit(people[author], Draft(text=text))
    screening.screen_due()
    reported.refresh_from_db()
    if reported.shown_id:
        reporting.report(
            reported,
            by=people["trail_notes"],
            violation=Violation.THREAT_VEILED,
            comment="Is this about cars or about people?",
        )
    decided = Case.objects.open().in_order().filter(author=people["angry_pen"]).first()
    if decided is not None:
        claimed = queueing.claim(decided, by=people[MODERATOR])
        deciding.decide(
            claimed,
            Measure.TAKE_DOWN,
            by=people[MODERATOR],
            version=claimed.version,
            violation=claimed.violation or Violation.CALL_TO_ACTION,
            reason="Calling for somebody to be shot is never part of a debate here.",
        )
