"""The moderators' queue and cases, for programs of the moderators."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from moderation import backlog, claiming, deciding, measures, queueing, standing
from moderation.deciding import NotAllowed
from moderation.forms import MAX_REASON_CHARACTERS
from moderation.measures import Measure
from moderation.models import Case, Decision, Origin
from moderation.models.cases import OTHER_LANGUAGES
from moderation.models.reports import with_report_counts
from moderation.reviewing import review
from moderation.taxonomy import Violation
from parler.api import paging
from parler.api.access import for_people
from parler.api.base import ApiView
from parler.api.entities import desk
from parler.api.schema import answers

READ = for_people("moderation:read")
WRITE = for_people("moderation:write")
LANGUAGES = [*User.Language.values, OTHER_LANGUAGES]


class QueueChoice(serializers.Serializer[Any]):
    """One of the queues that there are; without a word, all of them."""

    language = serializers.ChoiceField(LANGUAGES, required=False)
    violation = serializers.ChoiceField(Violation.values, required=False)


class QueueForm(QueueChoice, paging.QueueForm):
    show = serializers.ChoiceField([backlog.OPEN, backlog.MINE, backlog.CLOSED], default=backlog.OPEN)
    origin = serializers.ChoiceField(Origin.values, required=False)


class DecisionForm(serializers.Serializer[Any]):
    measure = serializers.ChoiceField([measure.value for measure in measures.CLOSING])
    version = serializers.IntegerField(min_value=1, help_text="The version of the case that was seen.")
    violation = serializers.ChoiceField(Violation.values, default="", allow_blank=True)
    reason = serializers.CharField(default="", allow_blank=True, max_length=MAX_REASON_CHARACTERS)


class ReasonForm(serializers.Serializer[Any]):
    reason = serializers.CharField(default="", allow_blank=True, max_length=MAX_REASON_CHARACTERS)


class DeskView(ApiView):
    """For those who may decide cases; everybody else is refused, whatever the token's scopes."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not isinstance(self.reader, User):
            return  # `needs` refused it, or there is no such method here.
        if not (self.reader.is_staff and self.reader.has_perm("moderation.decide_case")):
            raise PermissionDenied

    def find_case(self, pk: int) -> Case:
        """Raises Http404, and NotAllowed for a case about somebody whom this moderator may not judge."""
        case = get_object_or_404(with_report_counts(Case.objects.with_target()), pk=pk)
        if refusal := standing.why_not(case.author, by=self.person):
            raise NotAllowed(refusal)
        return case

    def respond_with_case(self, case: Case) -> Response:
        fresh = self.find_case(case.pk)
        return Response(desk.whole(fresh, review(fresh)))


class Queue(DeskView):
    needs = {"GET": READ}

    @extend_schema(parameters=[QueueForm], responses={200: answers(list[desk.CaseSummary])})
    def get(self, request: Request) -> Response:
        """The cases that the token's person may judge, in order of work; closed ones newest first."""
        form = self.sent(QueueForm)
        limit = form.pop("limit")
        found = list(backlog.cases_for(self.person, **form)[: limit + 1])
        shown = [desk.summary(case) for case in found[:limit]]
        return paging.respond_in_order(
            request, shown, last=found[limit - 1].pk if len(found) > limit else None
        )


class Next(DeskView):
    needs = {"POST": WRITE}

    @extend_schema(
        request=QueueChoice,
        responses={200: answers(desk.DeskCase), 204: OpenApiResponse(description="There is none to take.")},
    )
    def post(self, request: Request) -> Response:
        """Claim the next case for ten minutes, or get the one that is claimed already."""
        case = queueing.claim_next(by=self.person, **self.sent(QueueChoice))
        return self.respond_with_case(case) if case else Response(status=status.HTTP_204_NO_CONTENT)


class OneCase(DeskView):
    needs = {"GET": READ}

    @extend_schema(responses={200: answers(desk.DeskCase)})
    def get(self, request: Request, pk: int) -> Response:
        """Everything that there is to see about a case."""
        case = self.find_case(pk)
        return Response(desk.whole(case, review(case)))


class Claim(DeskView):
    needs = {"POST": WRITE}

    @extend_schema(request=None, responses={200: answers(desk.DeskCase)})
    def post(self, request: Request, pk: int) -> Response:
        """Claim this case for ten minutes, or begin the ten minutes anew. Whoever claims gives back what they had."""
        return self.respond_with_case(queueing.claim(self.find_case(pk), by=self.person))


class Release(DeskView):
    needs = {"POST": WRITE}

    @extend_schema(request=None, responses={200: answers(desk.DeskCase)})
    def post(self, request: Request, pk: int) -> Response:
        """Give a claimed case back to the queue."""
        case = self.find_case(pk)
        queueing.release(case, by=self.person)
        return self.respond_with_case(case)


class Skip(DeskView):
    needs = {"POST": WRITE}

    @extend_schema(request=None, responses={200: answers(desk.DeskCase)})
    def post(self, request: Request, pk: int) -> Response:
        """Give a case back and do not get it again for an hour; nobody asks why."""
        case = self.find_case(pk)
        claiming.skip(case, by=self.person)
        return self.respond_with_case(case)


class TakeOver(DeskView):
    needs = {"POST": WRITE}

    @extend_schema(request=None, responses={200: answers(desk.DeskCase)})
    def post(self, request: Request, pk: int) -> Response:
        """Take a case from somebody who works on it: senior moderators only."""
        return self.respond_with_case(claiming.take_over(self.find_case(pk), by=self.person))


class Decide(DeskView):
    needs = {"POST": WRITE}

    @extend_schema(request=DecisionForm, responses={200: answers(desk.DeskDecision)})
    def post(self, request: Request, pk: int) -> Response:
        """Close a case with a measure. 409 when it changed since it was seen, or somebody else has it."""
        form = self.sent(DecisionForm)
        made = deciding.decide(self.find_case(pk), Measure(form.pop("measure")), by=self.person, **form)
        made.refresh_from_db()
        return Response(desk.decision(made))


class Overturn(DeskView):
    needs = {"POST": WRITE}

    @extend_schema(request=ReasonForm, responses={200: answers(desk.DeskDecision)})
    def post(self, request: Request, pk: int) -> Response:
        """Take a decision back: everything is as it was before it."""
        found = get_object_or_404(Decision.objects.select_related("case"), pk=pk)
        made = deciding.overturn(found, by=self.person, **self.sent(ReasonForm))
        made.refresh_from_db()
        return Response(desk.decision(made))
