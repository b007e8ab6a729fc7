"""What people see of house rules, in a number of queries that does not depend on how many there are or how much they hit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from moderation import highlighting, scanner_loading
from moderation.highlighting import Part
from moderation.models import (
    NarrowedRule,
    RuleBacktest,
    RuleStep,
    RuleTally,
    RuleVersion,
    RuleVersionQuerySet,
    ShadowHit,
)
from moderation.rule_states import PREPARING, RUNNING, RuleState
from moderation.rulebook import stepping, tallying
from moderation.scanning.house import PREFIX, compile_entry
from moderation.scanning.normalising import Views
from posts.models import Revision

TABS = {
    "running": RUNNING,
    "preparing": PREPARING,
    "ended": (RuleState.EXPIRED, RuleState.WITHDRAWN),
}
SAMPLE = 20
HISTORY = 50
VERSIONS = 20
MOST_ALARMS = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """What a version did: hits within 24 hours and a week, and what people made of what it held in five weeks."""

    today: int
    week: int
    cleared: int
    upheld: int

    @property
    def decided(self) -> int:
        return self.cleared + self.upheld

    @property
    def precision(self) -> float | None:
        """In per cent, the share that people did not clear; None when nothing is decided."""
        return 100 * self.upheld / self.decided if self.decided > 0 else None


@dataclass(frozen=True, slots=True)
class Row:
    """A version in the list."""

    version: RuleVersion
    figures: Figures


def in_tab(tab: str) -> RuleVersionQuerySet:
    """The versions of a tab of the list, to be paged and then given to `as_rows`."""
    label = Concat(
        Value(PREFIX),
        F("rule__name"),
        Value("#"),
        Cast("number", models.CharField()),
        output_field=models.CharField(),
    )
    versions = RuleVersion.objects.filter(state__in=TABS[tab]).with_people().annotate(known_as=label)
    tallies = RuleTally.objects.filter(name=OuterRef("known_as")).order_by().values("name")
    today = tallies.filter(slot__gt=Now() - timedelta(days=1))
    week = tallies.filter(slot__gt=Now() - timedelta(days=7))
    return versions.annotate(
        today=_total(today, "hits"),
        week=_total(week, "hits"),
        cleared=_total(tallies, "cleared"),
        upheld=_total(tallies, "upheld"),
    )


def _total(tallies: QuerySet[RuleTally, Any], column: str) -> Coalesce:
    return Coalesce(Subquery(tallies.annotate(total=Sum(column)).values("total")), 0)


def as_rows(versions: Sequence[RuleVersion]) -> list[Row]:
    """Versions that `in_tab` found, with their figures."""
    names = Figures.__slots__
    return [Row(version, Figures(*(getattr(version, name) for name in names))) for version in versions]


@dataclass(frozen=True, slots=True)
class Alarms:
    """What breakers narrowed, until people decide how it goes on; at most MOST_ALARMS of each kind."""

    versions: list[RuleVersion]
    shipped: list[NarrowedRule]

    def __bool__(self) -> bool:
        return bool(self.versions or self.shipped)


def find_alarms() -> Alarms:
    """Two queries."""
    versions = RuleVersion.objects.exclude(narrowed="").filter(state=RuleState.SHADOW).with_people()
    shipped = NarrowedRule.objects.acting()
    return Alarms(
        list(versions.order_by("-since")[:MOST_ALARMS]), list(shipped.order_by("-at")[:MOST_ALARMS])
    )


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page of a version."""

    version: RuleVersion
    figures: Figures
    backtest: RuleBacktest | None
    backtest_sample: list[Revision]
    shadow_hits: list[ShadowHit]
    watched_week: int
    steps: list[RuleStep]
    versions: list[RuleVersion]
    compared_with: RuleVersion | None
    changes: list[Part]
    earlier: RuleVersion | None

    @property
    def shadow_per_thousand(self) -> float | None:
        """Hits in a thousand texts that the shadows read within a week."""
        return 1000 * self.figures.week / self.watched_week if self.watched_week else None


def read(version: RuleVersion, *, against: int | None = None) -> Page:
    """Collect what there is to see about a version (fetched `with_people`); compared with the version number `against`, else the one before."""
    (row,) = as_rows(list(_found_in_any_tab(version)))
    versions = list(version.rule.versions.with_people().order_by("-number")[:VERSIONS])
    other = _choose(versions, version, against)
    backtest = version.backtests.select_related("by").order_by("-pk").first()
    week = RuleTally.objects.filter(name=tallying.WATCHED, slot__gt=Now() - timedelta(days=7))
    return Page(
        version=version,
        figures=row.figures,
        backtest=backtest,
        backtest_sample=_texts(backtest.sample) if backtest else [],
        shadow_hits=list(
            ShadowHit.objects.filter(name=version.label).select_related("revision").order_by("-pk")[:SAMPLE]
        ),
        watched_week=week.aggregate(texts=Coalesce(Sum("hits"), 0))["texts"],
        steps=list(version.steps.select_related("by").order_by("-pk")[:HISTORY]),
        versions=versions,
        compared_with=other,
        changes=highlighting.compare(_as_text(other), _as_text(version)) if other else [],
        earlier=stepping.find_earlier(version.rule),
    )


def _found_in_any_tab(version: RuleVersion) -> RuleVersionQuerySet:
    tab = next(tab for tab, states in TABS.items() if version.state in states)
    return in_tab(tab).filter(pk=version.pk)


def _choose(versions: list[RuleVersion], version: RuleVersion, against: int | None) -> RuleVersion | None:
    others = [other for other in versions if other.number != version.number]
    chosen = [other for other in others if other.number == against]
    before = [other for other in others if other.number < version.number]
    return next(iter(chosen or before), None)


def _texts(ids: Sequence[int]) -> list[Revision]:
    """Latest first. Of an erased one nothing is left to read."""
    return list(Revision.objects.with_subject().filter(pk__in=ids, erased_at=None).order_by("-pk"))


def _as_text(version: RuleVersion) -> str:
    """A version as lines, for comparing."""
    lines = (
        f"{version.violation} {version.severity} {version.language}",
        version.pattern,
        " ".join(version.exceptions),
        *(f"+ {line}" for line in version.positive.splitlines()),
        *(f"- {line}" for line in version.negative.splitlines()),
        version.note,
    )
    return "\n".join(line for line in lines if line)


class Step(models.TextChoices):
    """What a person may do with a version, by the name of the verb."""

    TEST = "test", _("Run the examples")
    BACKTEST = "backtest", _("Try it on stored posts")
    WATCH = "watch", _("Into the shadow")
    HOLD_SHARE = "hold_share", _("Approve: hold a share")
    GO_LIVE = "go_live", _("Approve: live")
    REVIEW = "review", _("Review: 90 days more")
    WITHDRAW = "withdraw", _("Withdraw")
    ROLL_BACK = "roll_back", _("Roll back")


WIDENING = (Step.HOLD_SHARE, Step.GO_LIVE)
"""Its author may not take these: somebody else lets a rule hold."""

# In the order in which the page offers them.
_STEPS: dict[RuleState, tuple[Step, ...]] = {
    RuleState.DRAFT: (Step.TEST,),
    RuleState.TESTED: (Step.BACKTEST,),
    RuleState.BACKTESTED: (Step.WATCH, Step.BACKTEST),
    RuleState.SHADOW: (Step.HOLD_SHARE,),
    RuleState.CANARY: (Step.GO_LIVE, Step.REVIEW, Step.WATCH),
    RuleState.LIVE: (Step.REVIEW, Step.WATCH),
    RuleState.EXPIRED: (Step.WATCH,),
    RuleState.WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A step that may follow, whether it needs somebody else than the author, and whether this person may take it."""

    step: Step
    is_for_another: bool
    is_open: bool


def choices_for(version: RuleVersion, person: User) -> list[Choice]:
    """What may be done next with a version, also where somebody else has to do it."""
    may_write = person.has_perm("moderation.write_rule")
    is_author = version.author_id == person.pk
    ending = () if version.state == RuleState.WITHDRAWN else (Step.WITHDRAW,)
    return [
        Choice(step, step in WIDENING, may_write and not (is_author and step in WIDENING))
        for step in (*_STEPS[RuleState(version.state)], *ending)
    ]


def try_out(version: RuleVersion, text: str) -> list[Part]:
    """Where a version hits a text, which nobody keeps; empty when it does not. Raises BadRuleset and MatcherFailed."""
    hits = compile_entry(scanner_loading.get_shipped().ruleset, version.entry).find(Views(text))
    reasons = [
        {"kind": "rule", "name": hit.rule.name, "start": start, "end": end, "role": role}
        for hit in hits
        for start, end, role in [
            (hit.start, hit.end, ""),
            *((part.start, part.end, part.role) for part in hit.parts),
        ]
    ]
    return highlighting.highlight(text, reasons) if reasons else []
