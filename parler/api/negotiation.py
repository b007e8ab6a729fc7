"""Which format a client gets."""

from collections.abc import Iterable

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class JsonForAll(DefaultContentNegotiation):
    """What accepts nothing that we have gets JSON all the same: some apps send what a browser would."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first, *others = renderers
        if others:
            chosen: tuple[BaseRenderer, str] = super().select_renderer(
                request, [first, *others], format_suffix
            )
            return chosen
        return first, first.media_type
