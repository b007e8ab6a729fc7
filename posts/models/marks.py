"""What those who judge set on a post that stays up."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from posts.models.posts import Post


class Mark(models.TextChoices):
    """A mark stands since `<mark>_at` of the post; empty means that it does not stand."""

    LABELLED = "labelled", _("marked sensitive")
    LIMITED = "limited", _("reach limited")
    LOCKED = "locked", _("comments closed")


class Step(models.TextChoices):
    SET = "set", _("set")
    LIFTED = "lifted", _("lifted")


class Marking(models.Model):
    """A mark was set or lifted: written together with the step, and never changed."""

    id = models.BigAutoField(primary_key=True)
    post = models.ForeignKey(Post, models.CASCADE, related_name="markings")
    mark = models.CharField(max_length=8, choices=Mark)
    step = models.CharField(max_length=6, choices=Step)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("marking")
        verbose_name_plural = _("markings")
        constraints = [
            models.CheckConstraint(condition=Q(mark__in=Mark.values), name="posts_marking_mark_is_known"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="posts_marking_step_is_known"),
        ]

    def __str__(self) -> str:
        return f"post {self.post_id}: {self.mark} {self.step}"
