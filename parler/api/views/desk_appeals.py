"""Appeals at the desk, for programs of the moderators."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from moderation import appealing
from moderation.deciding import NotAllowed
from moderation.models import Appeal, AppealStatus
from moderation.models.appeals import OUTCOMES
from moderation.taxonomy import Violation
from parler.api import paging
from parler.api.entities import desk
from parler.api.schema import answers
from parler.api.views.desk import READ, WRITE, DeskView

OPEN, DECIDED = "open", "decided"


class AppealsForm(paging.QueueForm):
    show = serializers.ChoiceField([OPEN, DECIDED], default=OPEN)


class AnswerForm(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=appealing.MAX_CHARACTERS)


class OutcomeForm(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField([outcome.value for outcome in OUTCOMES])
    version = serializers.IntegerField(min_value=1, help_text="The version of the appeal that was read.")
    reasons = serializers.CharField(max_length=appealing.MAX_CHARACTERS)
    violation = serializers.ChoiceField(
        Violation.values, default="", allow_blank=True, help_text="To grant a reporter's appeal."
    )


class AppealView(DeskView):
    def find_appeal(self, pk: int) -> Appeal:
        """Raises Http404, and NotAllowed for an appeal that concerns this moderator."""
        found = get_object_or_404(Appeal.objects.with_decision(), pk=pk)
        if not Appeal.objects.on_desk_of(self.person).filter(pk=pk).exists():
            raise NotAllowed(appealing.why_not(found, self.person))
        return found

    def respond_with_appeal(self, pk: int) -> Response:
        appeal = self.find_appeal(pk)
        dialogue = list(appeal.messages.select_related("by").order_by("pk"))
        why_not = appealing.why_not(appeal, self.person)
        return Response(desk.whole_appeal(appeal, dialogue, why_not=why_not))


class Appeals(AppealView):
    needs = {"GET": READ}

    @extend_schema(parameters=[AppealsForm], responses={200: answers(list[desk.DeskAppealSummary])})
    def get(self, request: Request) -> Response:
        """Appeals that the token's person may read, what is due first on top; decided ones newest first."""
        form = self.sent(AppealsForm)
        limit = form["limit"]
        appeals = Appeal.objects.on_desk_of(self.person).with_decision()
        page = appeals.page_after(form.get("after"), is_decided=form["show"] == DECIDED)
        found = list(page[: limit + 1])
        shown = [desk.appeal_summary(appeal) for appeal in found[:limit]]
        return paging.respond_in_order(
            request, shown, last=found[limit - 1].pk if len(found) > limit else None
        )


class OneAppeal(AppealView):
    needs = {"GET": READ}

    @extend_schema(responses={200: answers(desk.DeskAppeal)})
    def get(self, request: Request, pk: int) -> Response:
        """An appeal, the decision that it is about, and what was said."""
        return self.respond_with_appeal(pk)


class Answer(AppealView):
    needs = {"POST": WRITE}

    @extend_schema(request=AnswerForm, responses={200: answers(desk.DeskAppeal)})
    def post(self, request: Request, pk: int) -> Response:
        """Say or ask the appellant something."""
        appealing.answer(self.find_appeal(pk), by=self.person, **self.sent(AnswerForm))
        return self.respond_with_appeal(pk)


class DecideAppeal(AppealView):
    needs = {"POST": WRITE}

    @extend_schema(request=OutcomeForm, responses={200: answers(desk.DeskAppeal)})
    def post(self, request: Request, pk: int) -> Response:
        """Grant or reject an appeal, with reasons. 403 for whoever decided first; 409 when it changed since it was read."""
        form = self.sent(OutcomeForm)
        outcome = AppealStatus(form.pop("outcome"))
        appealing.decide_appeal(self.find_appeal(pk), outcome, by=self.person, **form)
        return self.respond_with_appeal(pk)
