"""What a moderator looks at to judge a case, in a number of queries that does not depend on how much there is."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from accounts.models import User
from moderation import highlighting, striking
from moderation.highlighting import Part
from moderation.measures import RESTRICTING
from moderation.models import Case, CaseStatus, Decision, Scan
from moderation.reporters.weighing import Reported, weigh
from moderation.striking import Record
from moderation.taxonomy import Violation
from posts import threads
from posts.models import Post, Revision

ANCESTORS = 10
COMMENTS = 5
DECISIONS = 10
OPEN_CASES = 20
POSTS = 5
SHOWN_OF_DECISIONS = (
    *(
        "case",
        "measure",
        "violation",
        "reason",
        "at",
        "parent",
        "overturns",
        "by__handle",
        "overturned_by__overturns",
    ),
)

# What was taken back at once never was.
_FIGURES = f"""
SELECT count(*), count(*) FILTER (WHERE was_measure), count(*) FILTER (WHERE was_measure AND undo_id IS NOT NULL),
       coalesce(array_agg(violation) FILTER (WHERE counts), '{{}}'),
       (SELECT count(*) FROM (SELECT 1 FROM moderation_case
                              WHERE author_id = %(author)s AND status IN ('open', 'proposed') LIMIT %(most)s) waiting),
       EXISTS (SELECT 1 FROM posts_post WHERE parent_id = %(post)s AND shown_id IS NOT NULL),
       EXISTS (SELECT 1 FROM posts_revision
               WHERE sha256 = %(sha256)s AND status = 'cleared' AND post_id IS DISTINCT FROM %(post)s),
       moderation_is_held(%(author)s, %(post)s),
       EXISTS (SELECT 1 FROM moderation_casenote WHERE case_id = %(case)s OR account_id = %(author)s),
       EXISTS (SELECT 1 FROM moderation_cannedreason WHERE is_current),
       EXISTS (SELECT 1 FROM moderation_referral WHERE case_id = %(case)s),
       EXISTS (SELECT 1 FROM moderation_referralrequest WHERE case_id = %(case)s AND answered_at IS NULL)
FROM (SELECT d.violation, undo.id AS undo_id, {striking.COUNTING} AS counts,
             d.measure = ANY(%(restricting)s) AND d.parent_id IS NULL AND undo.is_take_back IS NOT TRUE AS was_measure
      FROM moderation_case c JOIN moderation_decision d ON d.case_id = c.id
      LEFT JOIN moderation_decision undo ON undo.overturns_id = d.id
      WHERE c.author_id = %(author)s) made
"""  # noqa: S608  Made from our own names.


class Figures(NamedTuple):
    """How much there is about a case and its author, in one query: what is not there is not asked for."""

    decisions: int
    # Of so many measures against texts of theirs, so many were overturned.
    measures: int
    overturned: int
    strikes: list[str]
    # At most OPEN_CASES.
    open_cases: int
    comments: bool
    copies: bool
    holds: bool
    notes: bool
    canned: bool
    referrals: bool
    request: bool


@dataclass(frozen=True, slots=True)
class AuthorCard:
    """Who wrote it, and how earlier texts of theirs were judged; numbers stop at a bound."""

    author: User
    decisions: list[Decision]
    figures: Figures
    record: Record
    posts: list[Post]

    @property
    def overturned_share(self) -> str:
        """For people."""
        figures = self.figures
        return f"{round(100 * figures.overturned / figures.measures)} %" if figures.measures else ""

    @property
    def has_more_open_cases(self) -> bool:
        return self.figures.open_cases >= OPEN_CASES


@dataclass(frozen=True, slots=True)
class Review:
    """Everything on the page of a case."""

    case: Case
    scan: Scan | None
    parts: list[Part]
    # What is shown at present, when that is another version, and how the one under review differs from it.
    shown: Revision | None
    changes: list[Part]
    ancestors: list[Post]
    comments: list[Post]
    quoted: Post | None
    reported: Reported
    decisions: list[Decision]
    card: AuthorCard

    @property
    def roles(self) -> list[str]:
        """The roles that occur, for the legend."""
        return list(dict.fromkeys(part.role for part in self.parts if part.role))

    @property
    def rules(self) -> list[str]:
        """What the scan found, by name, each once."""
        reasons = self.scan.reasons if self.scan else []
        return list(dict.fromkeys(str(reason.get("name") or reason.get("kind")) for reason in reasons))

    @property
    def rule_class(self) -> Violation | None:
        """The class that the scan named."""
        return Violation(self.scan.violation) if self.scan and self.scan.violation else None

    @property
    def policy(self) -> Violation | None:
        """The class that the case is about, for its definition and its exceptions."""
        return Violation(self.case.violation) if self.case.violation else self.rule_class


def review(case: Case) -> Review:
    """Collect what there is to see about `case` (fetched `with_target`)."""
    scan = getattr(case.revision, "scan", None)
    # The version under review is mostly the one that is shown, and here already.
    shown = case.target.shown if case.target.shown_id != case.revision_id else None
    post = case.post
    figures = _count(case)
    on_target, on_others = _decisions_about(case) if figures.decisions else ([], [])
    return Review(
        case=case,
        scan=scan,
        parts=highlighting.highlight(case.snapshot, scan.reasons if scan else []),
        shown=shown,
        changes=highlighting.compare(shown.gated_text, case.snapshot) if shown else [],
        ancestors=_ancestors(post) if post and post.parent_id else [],
        comments=_comments(post) if post and figures.comments else [],
        quoted=_quoted(post) if post else None,
        reported=weigh(case),
        decisions=on_target,
        card=_card(case, on_others, figures),
    )


def _ancestors(post: Post) -> list[Post]:
    """The nearest posts that `post` answers to, first one first."""
    ids = threads.above(post, limit=ANCESTORS)
    return list(Post.objects.filter(pk__in=ids).with_words().order_by("pk"))


def _comments(post: Post) -> list[Post]:
    return list(post.comments.shown().with_words().newest_first()[:COMMENTS])


def _quoted(post: Post) -> Post | None:
    return Post.objects.with_words().filter(pk=post.echoed_id).first() if post.echoed_id else None


def _decisions_about(case: Case) -> tuple[list[Decision], list[Decision]]:
    """How this text was judged before and is now, and how other cases of its author ended; each the newest first.

    They are one query: where one text was judged more than DECISIONS times, there is less room for the others.
    """
    decisions = Decision.objects.about(case.author).select_related("by", "overturned_by")
    if case.status == CaseStatus.CLOSED:  # The page tells the whole of how a closed case ended.
        decisions = decisions.select_related("confirmed_by", "statement", "restriction")
    else:
        decisions = decisions.only(*SHOWN_OF_DECISIONS)
    target = Q(case__post=case.post_id) if case.post_id else Q(case__profile=case.profile_id)
    first = decisions.annotate(is_on_target=target).order_by("-is_on_target", "-id")
    newest: list[Any] = sorted(first[: 2 * DECISIONS], key=lambda decision: -decision.pk)
    on_target = [decision for decision in newest if decision.is_on_target]
    others = [decision for decision in newest if decision.case_id != case.pk]
    return on_target[:DECISIONS], others[:DECISIONS]


def _count(case: Case) -> Figures:
    values = {
        **striking.COUNTING_VALUES,
        "case": case.pk,
        "post": case.post_id,
        "sha256": case.snapshot_sha256,
        "author": case.author_id,
        "restricting": list(RESTRICTING),
        "most": OPEN_CASES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, values)
        return Figures(*cursor.fetchone())


def _card(case: Case, decisions: list[Decision], figures: Figures) -> AuthorCard:
    posts = case.author.posts.originals().shown().exclude(pk=case.post_id or 0)
    return AuthorCard(
        author=case.author,
        decisions=decisions,
        figures=figures,
        record=striking.add_up(figures.strikes),
        posts=list(posts.with_words().newest_first()[:POSTS]),
    )
