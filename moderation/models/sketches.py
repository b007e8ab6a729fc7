"""Sketches of the texts of cases, by which cases about nearly the same text are found without reading them all."""

from collections.abc import Sequence
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from moderation.models.cases import Case


class CaseSketchQuerySet(models.QuerySet["CaseSketch"]):
    def sharing(self, bands: Sequence[int]) -> Self:
        """Those that have one of these bands at least."""
        return self.filter(bands__overlap=list(bands))


class CaseSketch(models.Model):
    """What near copies of a case's text are found by; none for a text too short to be compared. It can be made anew at any time."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="sketch")
    # Of which text: a newer version of it has another sketch.
    sha256 = models.CharField(max_length=64)
    # Both as `scanning.near_duplicates` makes them.
    sketch = models.BinaryField(max_length=128)
    bands = ArrayField(models.BigIntegerField())

    objects = CaseSketchQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(fields=["bands"], name="moderation_casesketch_bands")]

    def __str__(self) -> str:
        return f"sketch of case {self.case_id}"
