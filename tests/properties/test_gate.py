"""Whatever people, workers and moderators do, in whatever order: nobody else sees a text that is not cleared.

The machine below keeps its own small account of what it did (the model), compares every revision of the database with it
after each step, and at the end asks every address of the URL configuration, as a stranger, as another person and with
another person's token, for words that none of them may see.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from accounts.roles import Role
from moderation import deciding, queueing, reporting, scanner_loading, screening
from moderation.measures import Measure
from moderation.models import Decision, Scan
from posts import leasing, presenting, publishing, reacting
from posts.models import Post, Revision, Visibility
from posts.publishing import Draft
from posts.statuses import Status
from tests import factories, routes
from tests.api import tokens

HARMLESS = "The bread is out of the oven, {marker}"
HARMFUL = "I will find you and kill you tonight, {marker}"
HELD_AFTER = screening.MAX_ATTEMPTS


@dataclass
class Expected:
    """What the model believes of one revision."""

    marker: str
    is_harmful: bool
    status: Status = Status.PENDING
    attempts: int = 0
    was_withdrawn: bool = False
    is_leased: bool = False


@dataclass
class Cast:
    authors: list[User]
    reader: User
    moderator: User
    clients: list[Client] = field(default_factory=list)


class Gate(RuleBasedStateMachine):
    """Steps of the life of texts; see the module's docstring."""

    @initialize()
    def begin(self) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.cast = Cast(
            authors=[factories.make_user("walnut"), factories.make_user("almond")],
            reader=factories.make_user("reader"),
            moderator=factories.make_user("desk", role=Role.MODERATOR),
        )
        for author in self.cast.authors:
            User.objects.get(pk=author.pk)
        self.cast.clients = _strangers(self.cast.reader)
        self.expected: dict[int, Expected] = {}
        self.abandoned: list[list[Revision]] = []
        self.markers = 0

    def teardown(self) -> None:
        if not hasattr(self, "transaction"):
            return
        try:
            self._look_everywhere()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    # People

    @rule(
        who=strategies.integers(0, 1),
        harmful=strategies.booleans(),
        visibility=strategies.sampled_from(Visibility),
        where=strategies.data(),
    )
    def submit(self, who: int, harmful: bool, visibility: Visibility, where: strategies.DataObject) -> None:
        author = self.cast.authors[who]
        readable = list(Post.objects.visible_to(author).shown().public().order_by("pk"))
        parent = where.draw(strategies.sampled_from([None, *readable]))
        echoed = where.draw(strategies.sampled_from([None, *readable]))
        text = self._text(harmful=harmful)
        post = publishing.submit(
            author, Draft(text=text, warning=text, visibility=visibility, parent=parent, echoed=echoed)
        )
        self._expect(post.get_latest_revision(), harmful=harmful)

    @precondition(lambda self: self._editable())
    @rule(harmful=strategies.booleans(), which=strategies.data())
    def edit(self, harmful: bool, which: strategies.DataObject) -> None:
        post = which.draw(strategies.sampled_from(self._editable()))
        latest = post.get_latest_revision()
        if latest.status == Status.REMOVED and post.shown_id is None:
            with pytest.raises(publishing.NotEditable):
                publishing.edit(post, body="again", warning="", by=post.author)
            return
        revision = publishing.edit(post, body=self._text(harmful=harmful), warning="", by=post.author)
        self._supersede(latest)
        self._expect(revision, harmful=harmful)

    @rule(who=strategies.integers(0, 1), harmful=strategies.booleans())
    def present(self, who: int, harmful: bool) -> None:
        author = self.cast.authors[who]
        latest = author.profile.get_latest_revision()
        revision = presenting.present(author, name="", biography=self._text(harmful=harmful))
        self._supersede(latest)
        self._expect(revision, harmful=harmful)

    @precondition(lambda self: self._editable())
    @rule(which=strategies.data())
    def withdraw(self, which: strategies.DataObject) -> None:
        post = which.draw(strategies.sampled_from(self._editable()))
        publishing.withdraw(post, by=post.author)
        for revision in post.revisions.all():
            expected = self.expected[revision.pk]
            if expected.status != Status.REMOVED:
                expected.status = Status.WITHDRAWN

    @precondition(lambda self: self._shown())
    @rule(which=strategies.data())
    def react(self, which: strategies.DataObject) -> None:
        post = which.draw(strategies.sampled_from(self._shown()))
        reacting.upvote(post, by=self.cast.reader)
        reporting.report(post, by=self.cast.reader, violation="V5", comment="Look at this")

    # Workers

    @rule()
    def scan(self) -> None:
        screening.screen_due()
        for expected in self._waiting():
            expected.attempts += 1
            give_up = expected.attempts > HELD_AFTER
            expected.status = Status.HELD if expected.is_harmful or give_up else Status.CLEARED

    @rule()
    def fail(self) -> None:
        """The model is gone: nothing moves and no attempt is lost."""
        with override_settings(PARLER_MODEL=str(Path(__file__).parent / "missing")):
            assert screening.screen_due() == 0

    @rule()
    def kill(self) -> None:
        """A worker takes work and is never heard of again, or only much later."""
        leased = leasing.lease_due(limit=screening.BATCH, lease=screening.LEASE)
        for revision in leased:
            expected = self.expected[revision.pk]
            expected.attempts += 1
            expected.is_leased = True
        if leased:
            self.abandoned.append(leased)

    @rule()
    def let_leases_run_out(self) -> None:
        Revision.objects.pending().update(due_at=timezone.now() - timedelta(seconds=1))
        for expected in self.expected.values():
            expected.is_leased = False

    @precondition(lambda self: self.abandoned)
    @rule()
    def come_late(self) -> None:
        """The worker that was thought dead settles what it had; what moved meanwhile stays where it is."""
        leased = self.abandoned.pop()
        pending = [self.expected[r.pk] for r in leased if self.expected[r.pk].status == Status.PENDING]
        given_up = {r.pk for r in leased if r.attempts > HELD_AFTER}
        screening._judge(leased, scanner_loading.get_gate())
        for expected in pending:
            expected.status = Status.HELD if expected.is_harmful or given_up else Status.CLEARED

    @rule()
    def double(self) -> None:
        self.scan()
        assert screening.screen_due() == 0

    # Moderators

    @rule(takes_down=strategies.booleans())
    def moderate(self, takes_down: bool) -> None:
        case = queueing.claim_next(by=self.cast.moderator)
        if case is None:
            return
        measure = Measure.TAKE_DOWN if takes_down else Measure.CLEAR
        before = case.revision.status
        if before == Status.PENDING:
            queueing.release(case, by=self.cast.moderator)
            return
        decision = deciding.decide(
            case, measure, by=self.cast.moderator, version=case.version, violation="V3", reason="So it is."
        )
        for revision in decision.revisions.all():
            expected = self.expected.get(revision.pk)
            if expected and takes_down:
                expected.was_withdrawn = expected.status == Status.WITHDRAWN
                expected.status = Status.REMOVED
            elif expected and expected.status == Status.HELD:
                expected.status = Status.CLEARED

    @precondition(lambda self: self._removals())
    @rule(which=strategies.data())
    def restore(self, which: strategies.DataObject) -> None:
        decision = which.draw(strategies.sampled_from(self._removals()))
        deciding.overturn(decision, by=self.cast.moderator)
        for revision in decision.revisions.all():
            # What its author had taken back before it was removed is brought back by nobody.
            if not self.expected[revision.pk].was_withdrawn:
                self.expected[revision.pk].status = Status.CLEARED

    # What must hold

    @invariant()
    def the_database_agrees_with_the_model(self) -> None:
        if not hasattr(self, "expected"):
            return
        found = dict(Revision.objects.filter(pk__in=self.expected).values_list("pk", "status"))
        assert found == {pk: expected.status for pk, expected in self.expected.items()}
        assert len(found) == len(self.expected), "Something accepted was lost."

    @invariant()
    def only_cleared_texts_are_shown(self) -> None:
        if not hasattr(self, "expected"):
            return
        for reader in (AnonymousUser(), self.cast.reader):
            for post in Post.objects.visible_to(reader).select_related("shown"):
                assert post.shown is not None
                assert self.expected[post.shown.pk].status == Status.CLEARED

    @invariant()
    def a_revision_is_decided_once_and_by_somebody(self) -> None:
        if not hasattr(self, "expected"):
            return
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert Scan.objects.filter(revision__in=self.expected).count() <= len(self.expected)

    # The account of what was done

    def _text(self, *, harmful: bool) -> str:
        self.markers += 1
        return (HARMFUL if harmful else HARMLESS).format(marker=f"zq{self.markers:04d}xv")

    def _expect(self, revision: Revision, *, harmful: bool) -> None:
        self.expected[revision.pk] = Expected(marker=f"zq{self.markers:04d}xv", is_harmful=harmful)

    def _supersede(self, latest: Revision) -> None:
        expected = self.expected.get(latest.pk)
        if expected and expected.status in (Status.PENDING, Status.HELD):
            expected.status = Status.WITHDRAWN

    def _waiting(self) -> list[Expected]:
        return [e for e in self.expected.values() if e.status == Status.PENDING and not e.is_leased]

    def _editable(self) -> list[Post]:
        return list(Post.objects.filter(author__in=self.cast.authors, withdrawn_at=None).order_by("pk"))

    def _shown(self) -> list[Post]:
        return list(Post.objects.visible_to(self.cast.reader).order_by("pk"))

    def _removals(self) -> list[Decision]:
        return list(Decision.objects.filter(measure=Measure.TAKE_DOWN, overturned_by=None).order_by("pk"))

    def _look_everywhere(self) -> None:
        """Ask every address; what comes back names no text that is not cleared, or that was never meant for the asker."""
        forbidden = {e.marker for e in self.expected.values() if e.status != Status.CLEARED}
        for address in _addresses(self.cast):
            for client in self.cast.clients:
                answer = b"".join(client.get(address)).decode(errors="replace")
                seen = {marker for marker in forbidden if marker in answer}
                assert not seen, f"{address} shows {seen}"


def _strangers(reader: User) -> list[Client]:
    """Nobody, somebody else, and somebody else's app."""
    signed_in = Client()
    signed_in.force_login(reader, backend="accounts.backends.RoleBackend")
    return [Client(), signed_in, tokens.client_with(tokens.issue(reader))]


def _addresses(cast: Cast) -> list[str]:
    """Every route but those of the desk, once for every author and post."""
    addresses: dict[str, None] = {}
    posts = list(Post.objects.filter(author__in=cast.authors).select_related("author"))
    fillings = [{"handle": author.handle, "pk": str(author.pk)} for author in cast.authors]
    fillings += [{"handle": post.author.handle, "pk": str(post.pk)} for post in posts]
    for route in routes.every_route():
        if route.startswith("admin/"):
            continue
        for filling in fillings:
            addresses.setdefault(routes.fill(route, {**OTHER_ARGUMENTS, **filling}))
    return list(addresses)


OTHER_ARGUMENTS = {"name": "bread", "uidb36": "a", "key": "b", "path": "x", "token": "t", "id": "1"}


@pytest.mark.django_db
def test_nothing_uncleared_is_ever_seen_whatever_happens() -> None:
    run_state_machine_as_test(
        Gate,
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@pytest.mark.django_db
def test_a_route_that_the_search_does_not_know_fails() -> None:
    with pytest.raises(routes.UnknownArgument):
        routes.fill("secrets/<int:unknown>", OTHER_ARGUMENTS)
