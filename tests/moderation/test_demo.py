import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.roles import Role
from moderation import demo
from moderation.models import Case, Decision
from posts.models import Post, Revision


def test_the_demo_is_judged_like_everything_else_and_made_once(db):
    demo.seed()
    assert not Revision.objects.pending().exists()
    assert Case.objects.open().count() >= 3
    assert Decision.objects.count() == 1
    assert User.objects.get(handle=demo.MODERATOR).get_role() == Role.SENIOR_MODERATOR
    posts = Post.objects.count()
    demo.seed()
    assert Post.objects.count() == posts


def test_the_demo_is_refused_where_others_may_come(db, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("seed_demo")
    assert not User.objects.exists()
