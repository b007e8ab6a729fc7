"""The three promises, checked in the stack's own database after every fault. Each function lists what is wrong."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from moderation import auditing, screening
from moderation.models import AuditRow, Case, Origin, Scan, Verdict
from posts.models import Post, Revision, Transition
from posts.statuses import LEGAL_STEPS, Status
from tests.faults.watching import MARK


def find_unclearedly_seen(first_seen: dict[str, float], last_look: dict[str, float]) -> list[str]:
    """What a stranger saw before it was cleared, without that it ever was, or in a look begun after its withdrawal."""
    scans = {
        mark: scan.at.timestamp()
        for scan in Scan.objects.filter(verdict=Verdict.CLEAR).select_related("revision")
        for mark in MARK.findall(scan.revision.text)
        if scan.sha256 == scan.revision.sha256
    }
    ended = {
        mark: step.at.timestamp()
        for step in Transition.objects.filter(new=Status.WITHDRAWN).select_related("revision")
        for mark in MARK.findall(step.revision.text)
    }
    early = [mark for mark, at in first_seen.items() if mark not in scans or at < scans[mark]]
    # A transaction bears the time of its begin, but what it did is seen at its end.
    late = [mark for mark, at in last_look.items() if mark in ended and at > ended[mark] + 1]
    return [f"{mark} was seen before it was cleared" for mark in early] + [
        f"{mark} was seen after it was withdrawn" for mark in late
    ]


def find_lost(accepted: dict[str, int | None]) -> list[str]:
    """Marks of accepted texts that are not there; with a post's id, not in that post."""
    there: dict[str, set[int | None]] = defaultdict(set)
    for post, text in Revision.objects.exclude(post=None).values_list("post_id", "text"):
        for mark in MARK.findall(text):
            there[mark].add(post)
    return [
        f"{mark} was lost"
        for mark, post in accepted.items()
        if mark not in there or (post is not None and post not in there[mark])
    ]


def find_wrongly_decided() -> list[str]:
    """Revisions that were not decided exactly once, by legal steps, with as many attempts as there may be."""
    return [*_undecided(), *_illegal_steps(), *_unexplained(), *_audited_wrongly(), *_shown_wrongly()]


def _undecided() -> Iterator[str]:
    for revision in Revision.objects.all():
        if revision.status == Status.PENDING:
            yield f"{revision.pk} is still pending"
        if revision.status in (Status.CLEARED, Status.HELD) and not (
            1 <= revision.attempts <= screening.MAX_ATTEMPTS + 1
        ):
            yield f"{revision.pk} was decided after {revision.attempts} attempts"


def _illegal_steps() -> Iterator[str]:
    statuses = dict(Revision.objects.values_list("pk", "status"))
    steps: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for pk, old, new in Transition.objects.order_by("pk").values_list("revision_id", "old", "new"):
        steps[pk].append((old, new))
    for pk, status in statuses.items():
        path = steps[pk]
        is_chain = bool(path) and all(path[i][1] == path[i + 1][0] for i in range(len(path) - 1))
        if not is_chain or path[0] != ("", Status.PENDING) or path[-1][1] != status:
            yield f"{pk} has the history {path} and stands at {status}"
        if any(step not in LEGAL_STEPS for step in path[1:]) or len(set(path)) != len(path):
            yield f"{pk} took an illegal step or one twice: {path}"


def _unexplained() -> Iterator[str]:
    """By the database at most one scan a revision; here, exactly one, or a case because no worker could finish."""
    scans = dict(Scan.objects.values_list("revision_id", "verdict"))
    gave_up = set(Case.objects.filter(origin=Origin.ERROR).values_list("revision_id", flat=True))
    cleared = _by_machine(Status.CLEARED)
    held = _by_machine(Status.HELD)
    for pk in cleared:
        if scans.get(pk) != Verdict.CLEAR:
            yield f"{pk} was cleared by nobody"
    for pk in held:
        if (scans.get(pk) == Verdict.HOLD) == (pk in gave_up and pk not in scans):
            yield f"{pk} was held for no reason"
    for pk in set(scans) - cleared - held:
        yield f"{pk} has a verdict that nothing came of"


def _by_machine(new: Status) -> set[int]:
    steps = Transition.objects.filter(old=Status.PENDING, new=new, by=None)
    return set(steps.values_list("revision_id", flat=True))


def _audited_wrongly() -> Iterator[str]:
    rows = AuditRow.objects.filter(verb__in=["scan", "give_up"]).values_list("data", flat=True)
    audited = Counter(int(pk) for data in rows for pk in _keys(data))
    expected = Counter(_by_machine(Status.CLEARED)) + Counter(_by_machine(Status.HELD))
    for pk in (audited - expected) + (expected - audited):
        yield f"{pk} stands {audited[pk]} times in the audit trail"
    if auditing.find_first_broken_link() is not None:
        yield "the audit trail is broken"


def _keys(data: dict[str, dict[str, str]]) -> Iterable[str]:
    return [*data["cleared"], *data["held"]]


def _shown_wrongly() -> Iterator[str]:
    """The newest cleared version is what is shown, of what is not withdrawn."""
    cleared = Revision.objects.cleared().order_by("number")
    newest = dict(cleared.values_list("post_id", "pk"))
    for post, shown in Post.objects.filter(withdrawn_at=None).values_list("pk", "shown_id"):
        if shown != newest.get(post):
            yield f"post {post} shows {shown} instead of {newest.get(post)}"
