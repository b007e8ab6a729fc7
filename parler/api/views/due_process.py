"""What people are told of decisions that concern them, and how they appeal."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limiting
from accounts.paging import page_before
from moderation import appealing
from moderation.models import Appeal, Decision, Notice, Statement
from parler.api import paging
from parler.api.access import for_people
from parler.api.base import ApiView
from parler.api.entities import due_process
from parler.api.schema import answers
from posts import timelines

READ = for_people("read:appeals")
WRITE = for_people("write:appeals")


class ListForm(serializers.Serializer[Any]):
    """Which part of a list, newest first."""

    limit = paging.LimitField(
        default=timelines.DEFAULT_LIMIT,  # type: ignore[arg-type]  # A field of texts that gives numbers.
        help_text="At most so many; at most 40.",
    )
    max_id = paging.IdField(required=False, help_text="Only what is older than this id.")


class AppealForm(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=appealing.MAX_CHARACTERS, help_text="Why the decision is wrong.")


class DueProcessView(ApiView):
    """Whoever is suspended reads why, and appeals."""

    open_to_suspended = True


class OwnListView(DueProcessView):
    def respond_with_page(self, rows: QuerySet[Any], present: Callable[[Any], Any]) -> Response:
        form = self.sent(ListForm)
        page = page_before(rows, form.get("max_id"), size=form["limit"])
        return paging.respond(self.request, [present(row) for row in page.rows], older=page.next, newer=None)


class Statements(OwnListView):
    needs = {"GET": READ}

    @extend_schema(parameters=[ListForm], responses={200: answers(list[due_process.StatementOfReasons])})
    def get(self, request: Request) -> Response:
        """The statements of reasons that the token's person received, newest first."""
        return self.respond_with_page(Statement.objects.for_reader(self.person), due_process.statement)


class OneStatement(DueProcessView):
    needs = {"GET": READ}

    @extend_schema(responses={200: answers(due_process.OneStatementOfReasons)})
    def get(self, request: Request, pk: int) -> Response:
        """A statement of reasons, and whether one can appeal."""
        found = get_object_or_404(Statement.objects.for_reader(self.person).with_decision(), pk=pk)
        standing = appealing.get_standing_of(self.person, found.decision)
        return Response({**due_process.statement(found), "appeal": due_process.right(standing)})


class Notices(OwnListView):
    needs = {"GET": READ}

    @extend_schema(parameters=[ListForm], responses={200: answers(list[due_process.OwnNotice])})
    def get(self, request: Request) -> Response:
        """What the token's person was told of held texts, and of their reports and appeals, newest first."""
        return self.respond_with_page(Notice.objects.for_reader(self.person), due_process.notice)


class OneNotice(DueProcessView):
    needs = {"GET": READ}

    @extend_schema(responses={200: answers(due_process.OneOwnNotice)})
    def get(self, request: Request, pk: int) -> Response:
        """What the token's person was told, and whether one can appeal."""
        found = get_object_or_404(Notice.objects.for_reader(self.person).with_decision(), pk=pk)
        told_of = found.decision if found.report_id else None
        standing = appealing.get_standing_of(self.person, told_of) if told_of else None
        return Response({**due_process.notice(found), "appeal": due_process.right(standing)})


class AppealAgainst(DueProcessView):
    needs = {"POST": WRITE}

    @extend_schema(request=AppealForm, responses={201: answers(due_process.OneOwnAppeal)})
    def post(self, request: Request, pk: int) -> Response:
        """Appeal against a decision about oneself, or about one's report: once, free, within six months."""
        decision = get_object_or_404(Decision.objects.contestable_by(self.person), pk=pk)
        form = self.sent(AppealForm)
        limiting.count("appeal", self.person.pk)
        made = appealing.appeal(decision, by=self.person, text=form["text"])
        return Response(due_process.whole_appeal(made, []), status=status.HTTP_201_CREATED)


class OwnAppeals(OwnListView):
    needs = {"GET": READ}

    @extend_schema(parameters=[ListForm], responses={200: answers(list[due_process.OwnAppeal])})
    def get(self, request: Request) -> Response:
        """The appeals of the token's person, newest first."""
        return self.respond_with_page(Appeal.objects.of(self.person), due_process.appeal)


class OneOwnAppeal(DueProcessView):
    needs = {"GET": READ, "POST": WRITE}

    @extend_schema(responses={200: answers(due_process.OneOwnAppeal)})
    def get(self, request: Request, pk: int) -> Response:
        """An appeal, with what was said about it."""
        found = get_object_or_404(Appeal.objects.of(self.person), pk=pk)
        return Response(due_process.whole_appeal(found, list(found.messages.order_by("pk"))))

    @extend_schema(request=AppealForm, responses={200: answers(due_process.OneOwnAppeal)})
    def post(self, request: Request, pk: int) -> Response:
        """Say something further about an open appeal."""
        found = get_object_or_404(Appeal.objects.of(self.person), pk=pk)
        form = self.sent(AppealForm)
        limiting.count("appeal", self.person.pk)
        appealing.answer(found, by=self.person, text=form["text"])
        return self.get(request, pk)
