"""Cases: what people have to decide, one open case per target, and the reports that join it."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from accounts.roles import Role
from moderation.case_states import WAITING, CaseStatus, Origin
from moderation.lanes import IMMINENT_VIOLATIONS, Lane, Track
from moderation.sources import Source
from moderation.taxonomy import Severity, Violation
from posts.models import Post, Profile, Revision

OTHER_LANGUAGES = "other"


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        """Not decided yet, whether or not somebody proposed how."""
        return self.filter(status__in=WAITING)

    def closed(self) -> Self:
        return self.filter(status=CaseStatus.CLOSED)

    def in_order(self) -> Self:
        """The order of work: imminent harm, then by `rank_at`, which `ranking` computes."""
        return self.order_by("track", "rank_at", "id")

    def after(self, case: "Case") -> Self:
        """What comes after `case` in the order of work, for a page that begins there."""
        return self.filter(track__gte=case.track).filter(
            Q(track__gt=case.track) | Q(rank_at__gt=case.rank_at) | Q(rank_at=case.rank_at, pk__gt=case.pk)
        )

    def in_language(self, language: str) -> Self:
        """In one of the languages that accounts have, or with OTHER_LANGUAGES in none of them."""
        if language == OTHER_LANGUAGES:
            return self.exclude(language__in=User.Language.values)
        return self.filter(language=language)

    def overdue(self) -> Self:
        """Open cases that should have been decided by now, by the database's clock."""
        return self.open().filter(due_at__lte=Now())

    def held_for(self, rule: str, *, since: datetime, until: datetime) -> Self:
        """Held by the scanner within that time for this rule, perhaps among others, and reported by nobody."""
        named = [{"kind": "rule", "name": rule}]
        held = self.filter(origin=Origin.SCAN, scan__verdict="hold", scan__reasons__contains=named)
        return held.filter(scan__at__gte=since, scan__at__lt=until, reports=None)

    def claimable_by(self, moderator: User) -> Self:
        """Open cases that nobody else has a lease on, by the database's clock, and that do not wait for somebody else's confirmation."""
        free = self.open().filter(Q(claimed_by=None) | Q(claimed_by=moderator) | Q(claimed_until__lte=Now()))
        return free.exclude(proposed_by=moderator)

    def claimed_by_now(self, moderator: User) -> Self:
        """Open cases on which `moderator` has a running lease."""
        return self.open().filter(claimed_by=moderator, claimed_until__gt=Now())

    def with_time(self) -> Self:
        """With the database's time as `asked_at`, by which `Case.is_claimed_by` and `is_claimable_by` say the same of one case."""
        return self.annotate(asked_at=Now())

    def decidable_by(self, moderator: User) -> Self:
        """Cases about somebody below the moderator's level, for an administrator about anybody else; never about oneself.

        None that a higher role has to judge. See also `standing.why_not`, which asks the same of one person.
        """
        role = moderator.get_role()
        others = self.exclude(author=moderator).filter(min_role_level__lte=role.level)
        if role == Role.ADMINISTRATOR:
            return others
        if role == Role.MODERATOR:  # All of the staff is at that level or above it.
            return others.filter(author__is_staff=False, author__is_superuser=False)
        return others.exclude(Exists(User.objects.at_or_above(role).filter(pk=OuterRef("author"))))

    def with_author(self) -> Self:
        """With whose text it is and who works on it: what a row of the queue shows. Each join more costs the planner, on every page."""
        return self.select_related("author", "claimed_by")

    def with_target(self) -> Self:
        """With everything that the page of a case shows of its target."""
        return self.with_author().select_related("post", "profile", "revision", "scan")


class Case(models.Model):
    """Something a person decides. Exactly one target; the snapshot is what was seen when it was opened."""

    id = PublicIdField()
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="cases")
    profile = models.ForeignKey(Profile, models.PROTECT, null=True, related_name="cases")
    # Whose target it is, which never changes (`guards.CASE_AUTHOR`): everything about one person is found without asking the targets.
    author = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    # The version under review: the newest that was held or reported.
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="cases")
    scan = models.ForeignKey("moderation.Scan", models.PROTECT, null=True, related_name="cases")
    origin = models.CharField(max_length=8, choices=Origin)
    # Who brought it first; `origin` is of the version under review, which may be a later one.
    source = models.CharField(max_length=8, choices=Source, default=Source.OWN_INITIATIVE)
    severity = models.PositiveSmallIntegerField(choices=Severity)
    violation = models.CharField(max_length=3, choices=Violation, blank=True)
    snapshot = models.TextField()
    snapshot_sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=8, choices=CaseStatus, default=CaseStatus.OPEN)
    # The main language of the text under review, as its author named it: "de", also for "de-AT"; may be empty.
    language = models.CharField(max_length=10, blank=True)
    lane = models.PositiveSmallIntegerField(choices=Lane, default=Lane.OTHER)
    track = models.GeneratedField(
        expression=models.Case(
            models.When(lane=Lane.IMMINENT, then=Track.IMMINENT.value), default=Track.REST.value
        ),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    opened_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    # Its place within the track: `due_at`, brought forward by what `ranking` says of its weight.
    rank_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    # Rises whenever what a moderator would judge changes; a decision names the version that it saw.
    version = models.PositiveIntegerField(default=1)
    # Who proposed what to do; somebody else confirms it. The proposal itself is a `Proposal`.
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Whatever closes it is proposed by one person and confirmed by another.
    second_needed = models.BooleanField(default=False, db_default=False)
    # The level of the lowest role that may judge it; 0 for every moderator.
    min_role_level = models.PositiveSmallIntegerField(default=0, db_default=0)

    # What `with_time` adds.
    asked_at: datetime

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        permissions = [("decide_case", "Can claim and decide cases")]
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, profile__isnull=False) | Q(post__isnull=False, profile=None),
                name="moderation_case_exactly_one_target",
            ),
            models.UniqueConstraint(
                fields=["post"], condition=Q(status__in=WAITING), name="moderation_case_one_open_per_post"
            ),
            models.UniqueConstraint(
                fields=["profile"],
                condition=Q(status__in=WAITING),
                name="moderation_case_one_open_per_profile",
            ),
            models.CheckConstraint(
                condition=Q(status__in=CaseStatus.values), name="moderation_case_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=Origin.values), name="moderation_case_origin_is_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="moderation_case_source_is_known"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=Severity.values), name="moderation_case_severity_is_known"
            ),
            models.CheckConstraint(
                condition=Q(violation="") | Q(violation__in=Violation.values),
                name="moderation_case_violation_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=WAITING, closed_at=None)
                | Q(status=CaseStatus.CLOSED, closed_at__isnull=False, claimed_by=None),
                name="moderation_case_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status=CaseStatus.PROPOSED, proposed_by__isnull=False)
                | ~Q(status=CaseStatus.PROPOSED) & Q(proposed_by=None),
                name="moderation_case_proposed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_until=None)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="moderation_case_claim_has_end",
            ),
            models.UniqueConstraint(
                fields=["claimed_by"],
                condition=Q(claimed_by__isnull=False),
                name="moderation_case_one_claim_a_moderator",
            ),
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="moderation_case_lane_is_known"),
            models.CheckConstraint(
                condition=(~Q(violation__in=IMMINENT_VIOLATIONS) | Q(lane=Lane.IMMINENT))
                & (~Q(severity=Severity.HIGH) | ~Q(lane=Lane.OTHER)),
                name="moderation_case_lane_is_fast_enough",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("opened_at")), name="moderation_case_due_after_opening"
            ),
        ]
        indexes = [
            models.Index(
                fields=["track", "rank_at", "id"],
                condition=Q(status__in=WAITING),
                name="moderation_case_order",
            ),
            models.Index(
                fields=["language", "track", "rank_at", "id"],
                condition=Q(status__in=WAITING),
                name="moderation_case_order_language",
            ),
            models.Index(
                fields=["violation", "track", "rank_at", "id"],
                condition=Q(status__in=WAITING),
                name="moderation_case_order_class",
            ),
            models.Index(
                fields=["lane", "due_at"], condition=Q(status__in=WAITING), name="moderation_case_due"
            ),
            # What is about one person.
            models.Index(fields=["author", "-id"], name="moderation_case_author"),
            # The figures of a day.
            models.Index(fields=["opened_at"], name="moderation_case_opened"),
            models.Index(
                fields=["closed_at"], condition=Q(closed_at__isnull=False), name="moderation_case_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def target(self) -> Post | Profile:
        """What the case is about."""
        target = self.post or self.profile
        assert target is not None  # noqa: S101  The database's constraint; tells the type checker.
        return target

    def get_target_url(self) -> str:
        """Where the target is shown; asks nothing of the target."""
        if self.post_id:
            return reverse("posts:detail", args=[self.author.handle, self.post_id])
        return self.author.get_absolute_url()

    @property
    def labels(self) -> dict[str, Any]:
        """The words for its choices. Django's `get_…_display` translates every choice to say one of them: too slow for a list."""
        return {
            "severity": Severity(self.severity).label,
            "violation": Violation(self.violation).label if self.violation else "",
            "origin": Origin(self.origin).label,
            "lane": Lane(self.lane).label,
        }

    @property
    def is_claimed(self) -> bool:
        """Somebody has a running lease, as the case was `with_time`."""
        return self.claimed_until is not None and self.claimed_until > self.asked_at

    def is_claimed_by(self, moderator: User) -> bool:
        """As `CaseQuerySet.claimed_by_now`."""
        return self.status in WAITING and self.is_claimed and self.claimed_by_id == moderator.pk

    def is_claimable_by(self, moderator: User) -> bool:
        """As `CaseQuerySet.claimable_by`."""
        is_free = not self.is_claimed or self.claimed_by_id == moderator.pk
        return self.status in WAITING and is_free and self.proposed_by_id != moderator.pk

    @property
    def was_held(self) -> bool:
        """The machine kept the text back, so that its author waited for this decision."""
        return self.origin in (Origin.SCAN, Origin.ERROR)

    def get_source(self) -> Source:
        """Who brought it first: our own initiative, a user, a guest, or a trusted flagger."""
        return Source(self.source)
