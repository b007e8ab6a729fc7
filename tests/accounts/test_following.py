"""Following, blocking and muting."""

import pytest

from accounts import blocking, following
from accounts.blocking import MayNotAvoid
from accounts.following import MayNotFollow
from accounts.models import Block, Follow, Mute


def test_following_twice_is_following_once(author, reader):
    following.follow(reader, author)
    following.follow(reader, author)
    assert Follow.objects.filter(follower=reader, followed=author).count() == 1


def test_unfollowing_somebody_one_does_not_follow_changes_nothing(author, reader):
    following.unfollow(reader, author)
    following.follow(reader, author)
    following.unfollow(reader, author)
    assert not Follow.objects.exists()


def test_nobody_follows_themselves(author):
    with pytest.raises(MayNotFollow):
        following.follow(author, author)


def test_a_closed_account_is_not_followed(author, reader):
    author.is_active = False
    author.save()
    with pytest.raises(MayNotFollow):
        following.follow(reader, author)


@pytest.mark.parametrize("is_reader_the_blocker", [True, False])
def test_a_block_hinders_following_both_ways_with_the_same_words(author, reader, is_reader_the_blocker):
    pair = (reader, author) if is_reader_the_blocker else (author, reader)
    blocking.block(*pair)
    with pytest.raises(MayNotFollow, match="You cannot follow this account"):
        following.follow(reader, author)


def test_a_block_ends_the_follows_of_both(author, reader):
    following.follow(reader, author)
    following.follow(author, reader)
    blocking.block(reader, author)
    blocking.block(reader, author)
    assert not Follow.objects.exists()
    assert Block.objects.count() == 1


def test_unblocking_does_not_bring_follows_back(author, reader):
    following.follow(reader, author)
    blocking.block(author, reader)
    blocking.unblock(author, reader)
    blocking.unblock(author, reader)
    assert not Block.objects.exists()
    assert not Follow.objects.exists()


def test_a_mute_leaves_the_follow_and_is_taken_back(author, reader):
    following.follow(reader, author)
    blocking.mute(reader, author)
    blocking.mute(reader, author)
    assert Mute.objects.count() == 1
    assert Follow.objects.count() == 1
    blocking.unmute(reader, author)
    blocking.unmute(reader, author)
    assert not Mute.objects.exists()


@pytest.mark.parametrize("avoid", [blocking.block, blocking.mute])
def test_nobody_avoids_themselves(author, avoid):
    with pytest.raises(MayNotAvoid):
        avoid(author, author)
