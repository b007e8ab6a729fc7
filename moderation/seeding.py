"""A backlog like the one that Parler's namesake had: 26,000 reports on 9,000 texts that nobody looked at.

The texts are submitted and moved by the same verbs as everybody's, so that every constraint and trigger has its say; what a
worker would find and what reporters would click is made up. A chunk is one transaction: no worker sees a text of it that still waits.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from moderation import auditing, comparing, ranking
from moderation.lanes import find_lane
from moderation.models import Case, Origin, Report, Scan, Verdict
from moderation.taxonomy import Severity, Violation
from posts import publishing
from posts.models import Post, Revision
from posts.publishing import Draft

AUTHORS = 100
REPORTERS = 200
CHUNK = 500
HELD_SHARE = 0.1
"""Of so many texts, a new version is held while the reported one stands."""
LONGEST_WAIT = timedelta(days=10)
MAIL_DOMAIN = "backlog.invalid"
SAYINGS = {
    "en": (
        "They will see what they get for this at the town hall",
        "Somebody ought to teach that reporter a lesson",
        "We march on Saturday, peacefully, and we bring drums",
        "I quote what he wrote to me, word for word. I am afraid",
    ),
    "de": (
        "Die werden schon sehen, was sie davon haben",
        "Dem sollte mal jemand eine Lektion erteilen",
        "Am Samstag wird demonstriert, friedlich und mit Trommeln",
        "So hat er mir geschrieben, Wort für Wort. Ich habe Angst",
    ),
}
CLASSES = ("", "V1", "V2", "V3", "V3", "V4", "V5", "V5", "V6", "V6", "V6", "V7", "V12", "V13")
RARE_CLASSES = ("V8", "V11")
RARE = 0.01


def seed(*, reports: int, targets: int, on_chunk: Callable[[int], None] = lambda count: None) -> None:
    """Open `targets` cases with `reports` reports in all, each with one at least; `on_chunk` hears how many cases were added.

    Raises ValueError when so many targets cannot have so many reports by different people.
    """
    if not targets <= reports <= targets * REPORTERS:
        raise ValueError(f"A target has 1 to {REPORTERS} reports.")
    chance = random.Random(20210111)  # noqa: S311  Made-up data, the same every time.
    authors = _people("backlog_author", AUTHORS)
    reporters = _people("backlog_reporter", REPORTERS)
    counts = deal(reports, targets, chance)
    for start in range(0, targets, CHUNK):
        chunk = counts[start : start + CHUNK]
        with transaction.atomic():
            made = Case.objects.bulk_create(_cases(authors, len(chunk), chance))
            # Asked for again: `bulk_create` leaves out ids that the database makes.
            cases = list(Case.objects.open().filter(post__in=[case.post_id for case in made]))
            comparing.keep_sketches(cases)
            Report.objects.bulk_create(_reports(cases, chunk, reporters, chance))
            auditing.record("seed_backlog", f"{len(cases)} cases", by=None, reports=sum(chunk))
        on_chunk(len(cases))
    ranking.refresh()


def deal(reports: int, targets: int, chance: random.Random) -> list[int]:
    """How many reports each target gets: one each, and the rest the way of crowds, a few targets most."""
    counts = [1] * targets
    weights = [chance.paretovariate(1.2) for _target in range(targets)]
    left = reports - targets
    while left:
        for target in chance.choices(range(targets), weights, k=left):
            if counts[target] < REPORTERS:
                counts[target] += 1
                left -= 1
    return counts


def _people(name: str, number: int) -> list[User]:
    """Accounts that nobody can log in to, made where they are missing; others can see them."""
    with transaction.atomic():
        people = [_person(f"{name}_{count}") for count in range(number)]
        _clear([person.profile.get_latest_revision() for person in people], score=0.01)
    return people


def _person(handle: str) -> User:
    existing = User.objects.named(handle).first()
    return existing or User.objects.create_user(handle, f"{handle}@{MAIL_DOMAIN}")


def _clear(revisions: Sequence[Revision], *, score: float) -> None:
    Scan.objects.bulk_create(
        Scan(revision=revision, sha256=revision.sha256, verdict=Verdict.CLEAR, score=score)
        for revision in publishing.clear_pending(revisions)
    )


def _cases(authors: Sequence[User], number: int, chance: random.Random) -> Iterator[Case]:
    """Shown posts with an open case each; of some, a new version is held and under review."""
    posts = [_post(chance.choice(authors), chance) for _case in range(number)]
    shown = {revision.post_id: revision for revision in Revision.objects.pending().filter(post__in=posts)}
    _clear(list(shown.values()), score=0.15)
    for post in posts:
        violation = chance.choice(RARE_CLASSES if chance.random() < RARE else CLASSES)
        scan = _hold_an_edit(post, violation, chance) if chance.random() < HELD_SHARE else None
        opened_at = timezone.now() - LONGEST_WAIT * chance.random()
        yield _case(post, scan.revision if scan else shown[post.pk], violation, scan, opened_at)


def _post(author: User, chance: random.Random) -> Post:
    language = chance.choice(list(SAYINGS))
    text = f"{chance.choice(SAYINGS[language])} ({chance.getrandbits(48):x})."
    return publishing.submit(author, Draft(text=text, language=language))


def _hold_an_edit(post: Post, violation: str, chance: random.Random) -> Scan:
    edited = publishing.edit(
        post, body=f"And now they really will ({chance.getrandbits(48):x}).", warning="", by=post.author
    )
    (held,) = publishing.hold_pending([edited])
    return Scan.objects.create(
        revision=held,
        sha256=held.sha256,
        verdict=Verdict.HOLD,
        score=chance.uniform(0.4, 0.99),
        violation=violation,
        reasons=[{"kind": "classifier", "name": "", "start": 0, "end": 7, "score": 0.5, "role": ""}],
    )


def _case(post: Post, revision: Revision, violation: str, scan: Scan | None, opened_at: datetime) -> Case:
    severity = Violation(violation).severity if violation else Severity.MID
    lane = find_lane(violation, severity, names_time_and_place=False)
    origin = Origin.SCAN if scan else Origin.REPORT
    return Case(
        post=post,
        author_id=post.author_id,
        revision=revision,
        scan=scan,
        origin=origin,
        source=origin.source,
        severity=severity,
        violation=violation,
        lane=lane,
        language=revision.language,
        opened_at=opened_at,
        due_at=opened_at + lane.time,
        rank_at=opened_at + lane.time,
        snapshot=revision.gated_text,
        snapshot_sha256=revision.sha256,
    )


def _reports(
    cases: Sequence[Case], counts: Sequence[int], reporters: Sequence[User], chance: random.Random
) -> Iterator[Report]:
    for case, count in zip(cases, counts, strict=True):
        for reporter in chance.sample(reporters, count):
            yield Report(
                case=case,
                revision_id=case.revision_id,
                reporter=reporter,
                violation=case.violation,
                comment="Please look at this." if chance.random() < 0.2 else "",
                reported_at=case.opened_at + (timezone.now() - case.opened_at) * chance.random(),
            )
