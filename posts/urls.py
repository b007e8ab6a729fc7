"""Addresses of what people read and write."""

from django.urls import path, register_converter

from posts.views import people, reacting, reading, writing


class Handle:
    """A handle as it may stand in an address; whether somebody has it is another question."""

    regex = "[A-Za-z0-9_]{1,30}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class HashtagName(Handle):
    """A hashtag without its sign, in any script."""

    regex = r"\w{1,64}"


register_converter(Handle, "handle")
register_converter(HashtagName, "hashtag")

app_name = "posts"
urlpatterns = [
    path("", reading.front, name="front"),
    path("home", reading.home, name="home"),
    path("explore", reading.explore, name="explore"),
    path("compose", writing.compose, name="compose"),
    path("settings/profile", people.settings_profile, name="settings_profile"),
    path("tags/<hashtag:name>", reading.hashtag, name="hashtag"),
    path("@<handle:handle>", people.profile, name="profile"),
    path("@<handle:handle>/followers", people.followers, name="followers"),
    path("@<handle:handle>/following", people.followed, name="following"),
    path("@<handle:handle>/follow", people.follow, name="follow"),
    path("@<handle:handle>/unfollow", people.unfollow, name="unfollow"),
    path("@<handle:handle>/mute", people.mute, name="mute"),
    path("@<handle:handle>/unmute", people.unmute, name="unmute"),
    path("@<handle:handle>/block", people.block, name="block"),
    path("@<handle:handle>/unblock", people.unblock, name="unblock"),
    path("@<handle:handle>/<int:pk>", reading.detail, name="detail"),
    path("@<handle:handle>/<int:pk>/card", reading.card, name="card"),
    path("@<handle:handle>/<int:pk>/history", reading.history, name="history"),
    path("@<handle:handle>/<int:pk>/edit", writing.edit, name="edit"),
    path("@<handle:handle>/<int:pk>/withdraw", writing.withdraw, name="withdraw"),
    path("@<handle:handle>/<int:pk>/upvote", reacting.upvote, name="upvote"),
    path("@<handle:handle>/<int:pk>/echo", reacting.echo, name="echo"),
]
