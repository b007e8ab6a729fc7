"""What a moderator looks at to judge a case, in a number of queries that does not depend on how much there is."""

from dataclasses import dataclass

from django.db.models import Count, Q

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


@dataclass(frozen=True, slots=True)
class AuthorCard:
    """Who wrote it, and how earlier texts of theirs were judged; numbers stop at a bound."""

    author: User
    decisions: list[Decision]
    open_cases: int
    # Of so many measures against texts of theirs, so many were overturned.
    measures: int
    overturned: int
    record: Record
    posts: list[Post]

    @property
    def overturned_share(self) -> str:
        """For people."""
        return f"{round(100 * self.overturned / self.measures)} %" if self.measures else ""

    @property
    def has_more_open_cases(self) -> bool:
        return self.open_cases >= OPEN_CASES


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
    scan = case.scan or Scan.objects.filter(revision=case.revision_id).first()
    shown = case.target.shown if case.target.shown_id != case.revision_id else None
    post = case.post
    return Review(
        case=case,
        scan=scan,
        parts=highlighting.highlight(case.snapshot, scan.reasons if scan else []),
        shown=shown,
        changes=highlighting.compare(shown.gated_text, case.snapshot) if shown else [],
        ancestors=_ancestors(post) if post else [],
        comments=list(post.comments.shown().with_text().newest_first()[:COMMENTS]) if post else [],
        quoted=_quoted(post) if post else None,
        reported=weigh(case),
        decisions=_decisions_on(case),
        card=_card(case),
    )


def _ancestors(post: Post) -> list[Post]:
    """The nearest posts that `post` answers to, first one first."""
    ids = threads.above(post, limit=ANCESTORS)
    return list(Post.objects.filter(pk__in=ids).with_text().order_by("pk"))


def _quoted(post: Post) -> Post | None:
    return Post.objects.with_text().filter(pk=post.echoed_id).first() if post.echoed_id else None


def _decisions_on(case: Case) -> list[Decision]:
    """How this target was judged before, and is now; newest first."""
    target = Q(case__post=case.post_id) if case.post_id else Q(case__profile=case.profile_id)
    decisions = Decision.objects.filter(target).select_related("by", "overturned_by")
    if case.status == CaseStatus.CLOSED:  # The page tells the whole of how a closed case ended.
        decisions = decisions.select_related("confirmed_by", "statement", "restriction")
    return list(decisions.order_by("-id")[:DECISIONS])


def _card(case: Case) -> AuthorCard:
    author = case.author
    about_author = Q(post__author=author) | Q(profile=author.pk)
    decisions = Decision.objects.filter(Q(case__post__author=author) | Q(case__profile=author.pk))
    measures = decisions.filter(measure__in=RESTRICTING, parent=None).exclude(
        overturned_by__is_take_back=True
    )
    posts = Post.objects.by(author).originals().shown().exclude(pk=case.post_id or 0)
    return AuthorCard(
        author=author,
        decisions=list(
            decisions.exclude(case=case).select_related("by", "overturned_by").order_by("-id")[:DECISIONS]
        ),
        open_cases=len(Case.objects.open().filter(about_author).values_list("pk")[:OPEN_CASES]),
        **measures.aggregate(measures=Count("pk"), overturned=Count("overturned_by")),
        record=striking.record_of(author),
        posts=list(posts.with_text().newest_first()[:POSTS]),
    )
