"""The bank: what is remembered, for how long, what is held for it, and who can tell that afterwards."""

import io
from datetime import timedelta

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.db.models.functions import Now
from django.utils import timezone
from PIL import Image

from moderation import deciding, known_bad, screening
from moderation.known_bad import Terms
from moderation.measures import Measure
from moderation.models import AuditRow, Case, KnownBad, Scan
from moderation.scanning.scanner import known_bad_digest
from posts.models import Post, Revision
from posts.statuses import Status
from tests import factories
from tests.moderation.counting import own_queries

REMOVED = "Somebody should burn down the town hall while they are counting in there"
EDITED = "@neighbour somebody should burn down the town hall while they are voting in there #now"
OTHER = "Somebody should paint the town hall while the weather is as fine as it is"
ACTS_WITHIN = 10
"""Seconds that an entry may need until every worker acts on it."""


@pytest.fixture(autouse=True)
def _new_worker():
    """Each test begins as a process that has not read the bank."""
    known_bad._kept.clear()


@pytest.fixture
def removal(author, moderator):
    factories.make_held_post(author=author, text=REMOVED)
    case = Case.objects.get()
    return deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=case.version, violation="V1")


class Clock:
    """What a worker measures the age of its bank by; it stands until it is put forward."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    standing = Clock()
    monkeypatch.setattr(known_bad, "monotonic", standing)
    return standing


def terms(**given):
    return Terms(**{"violation": "V1", "source": KnownBad.Source.OPERATOR, **given})


def kind_of_copy(text: str) -> str:
    copies, digest = known_bad.copies_among([OTHER, text]), known_bad_digest(text)
    assert known_bad_digest(OTHER) not in copies.exact | copies.near
    return "exact" if digest in copies.exact else "near" if digest in copies.near else ""


def test_copies_of_what_was_taken_down_are_known(removal):
    assert kind_of_copy("  " + REMOVED.upper()) == "exact"
    assert kind_of_copy(EDITED) == "near"


def test_an_overturned_removal_is_forgotten_at_once(removal, moderator):
    assert kind_of_copy(EDITED) == "near"
    deciding.overturn(removal, by=moderator)
    assert (kind_of_copy(REMOVED), kind_of_copy(EDITED)) == ("", "")
    assert not KnownBad.objects.exists()


def test_of_a_short_text_only_exact_copies_are_known(db):
    known_bad.add_text("Burn it down, all", terms())
    assert kind_of_copy("burn it DOWN, all") == "exact"
    assert kind_of_copy("Burn it down all") == ""
    assert KnownBad.objects.get().fingerprint is None


def test_of_a_text_only_hashes_are_kept(removal):
    row = KnownBad.objects.values().get()
    assert not any(word in str(value) for value in row.values() for word in ("burn", "town", "hall"))
    assert len(row["sketch"]) == 128


def test_a_worker_that_read_the_bank_sees_a_new_entry_within_ten_seconds(db, clock):
    assert kind_of_copy(EDITED) == ""
    known_bad.add_text(REMOVED, terms())
    assert kind_of_copy(REMOVED) == "exact"
    clock.now += ACTS_WITHIN
    assert kind_of_copy(EDITED) == "near"


def test_what_ended_or_went_holds_nothing_although_a_worker_still_has_it(db):
    known_bad.add_text(REMOVED, terms(expires_at=timezone.now() + timedelta(days=1)))
    assert kind_of_copy(EDITED) == "near"
    KnownBad.objects.update(expires_at=Now())
    assert (kind_of_copy(REMOVED), kind_of_copy(EDITED)) == ("", "")
    KnownBad.objects.update(expires_at=None)
    assert kind_of_copy(EDITED) == "near"
    KnownBad.objects.all().delete()
    assert kind_of_copy(EDITED) == ""


def test_a_worker_reads_only_what_is_new_and_drops_what_went(db, clock):
    for number in range(3):
        known_bad.add_text(f"{REMOVED}, {number} times", terms())
    first, *others = KnownBad.objects.order_by("pk").values_list("pk", flat=True)
    assert known_bad._read_bank().ids.tolist() == [first, *others]
    KnownBad.objects.filter(pk=first).delete()
    known_bad.add_text(f"{REMOVED}, once more", terms())
    clock.now += known_bad.FRESH_FOR
    assert known_bad._read_bank().ids.tolist() == [*others, KnownBad.objects.latest("pk").pk]


def test_the_number_of_queries_does_not_depend_on_texts_or_entries(db, clock):
    texts = [f"{EDITED}, {number} times" for number in range(20)]
    with own_queries(2):  # The exact copies, and which entries there are.
        known_bad.copies_among(texts)
    for number in range(5):
        known_bad.add_text(f"{REMOVED} {number}", terms())
    with own_queries(1):  # The exact copies: the bank was read just now.
        known_bad.copies_among(texts)
    clock.now += ACTS_WITHIN
    with own_queries(4):  # Also the new entries, and whether those that were found still act.
        assert known_bad.copies_among(texts).near


def test_a_bank_that_cannot_be_read_clears_nothing(author):
    post = factories.make_pending_post(author=author, text=OTHER)

    def fail(execute, sql, *rest):
        if "moderation_knownbad" in sql:
            raise ConnectionError
        return execute(sql, *rest)

    with connection.execute_wrapper(fail), pytest.raises(ConnectionError):
        known_bad.copies_among([OTHER])
    with connection.execute_wrapper(fail), pytest.raises(ConnectionError):
        screening.screen_due()
    assert post.revisions.get().status == Status.PENDING
    assert not Post.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize(("text", "name"), [(REMOVED, "exact copy"), (EDITED, "near copy")])
def test_the_gate_holds_copies_whole_and_says_why(removal, reader, text, name):
    copy = factories.make_pending_post(author=reader, text=text)
    harmless = factories.make_pending_post(author=reader, text=OTHER)
    screening.screen_due()
    assert copy.revisions.get().status == Status.HELD
    assert harmless.revisions.get().status == Status.CLEARED
    scan = Scan.objects.get(revision__post=copy)
    (reason,) = [reason for reason in scan.reasons if reason["kind"] == "known_bad"]
    assert (reason["name"], reason["start"], reason["end"]) == (name, 0, len(text))
    assert scan.score is not None
    assert scan.score >= 0.5
    assert Case.objects.get(post=copy).status == "open"


def test_of_two_entries_of_one_text_the_longer_one_lasts(db, moderator):
    tomorrow = timezone.now() + timedelta(days=1)
    assert known_bad.add_text(REMOVED, terms(expires_at=tomorrow))
    assert not known_bad.add_text(REMOVED, terms(expires_at=tomorrow - timedelta(hours=1)))
    assert known_bad.add_text(REMOVED, terms(violation="V12", by=moderator))
    assert not known_bad.add_text(REMOVED, terms())
    entry = KnownBad.objects.get()
    assert (entry.expires_at, entry.violation, entry.added_by) == (None, "V12", moderator)


def test_a_removal_makes_an_expired_entry_act_again(author, moderator):
    known_bad.add_text(REMOVED, terms(expires_at=timezone.now() - timedelta(days=1)))
    revision = factories.make_post(author=author, text=REMOVED).get_latest_revision()
    known_bad.remember(Revision.objects.with_subject().get(pk=revision.pk), violation="V1", by=moderator)
    assert kind_of_copy(REMOVED) == "exact"
    assert KnownBad.objects.get().source == KnownBad.Source.DECISION


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "decision", "added_by": None},
        {"source": "rumour"},
        {"kind": "sound"},
        {"kind": "image"},
        {"sketch": b""},
        {"fingerprint": None},
        {"violation": "V99"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(db, wrong):
    known_bad.add_text(REMOVED, terms())
    with pytest.raises(IntegrityError):
        KnownBad.objects.update(**wrong)


def make_image(seed: int) -> Image.Image:
    coarse = np.random.default_rng(seed).integers(0, 256, (7, 9, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((320, 240), Image.Resampling.BICUBIC)


def run(command: str, *arguments: object) -> str:
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def test_an_operator_adds_texts_and_sees_what_an_edited_copy_is_a_copy_of(db, moderator, tmp_path):
    removed, other, edited = (tmp_path / name for name in ("removed.txt", "other.txt", "edited.txt"))
    removed.write_text(REMOVED)
    other.write_text(OTHER)
    edited.write_text(EDITED)
    told = run(
        "add_known_bad",
        "--text",
        removed,
        other,
        "--violation",
        "V1",
        "--source",
        "list",
        "--by",
        "@moderator_m",
        "--days",
        30,
    )
    assert told.count("added") == 2
    assert "already" in run("add_known_bad", "--text", other, "--violation", "V1", "--days", 1)
    assert run("list_known_bad").count("\n") == 2
    listed = run("list_known_bad", "--text", edited)
    assert "list by @moderator_m" in listed
    assert known_bad_digest(REMOVED).hex() in listed
    assert listed.count("\n") == 1
    assert AuditRow.objects.filter(verb="add_known_bad", actor_id=moderator.pk).count() == 2
    assert not KnownBad.objects.filter(expires_at__lt=timezone.now() + timedelta(days=29)).exists()


def test_an_operator_adds_an_image_and_finds_it_again_compressed(db, tmp_path):
    image, copy, other = (tmp_path / name for name in ("image.png", "copy.jpg", "other.png"))
    make_image(1).save(image)
    make_image(1).save(copy, quality=40)
    make_image(2).save(other)
    assert "added" in run("add_known_bad", "--image", image, "--violation", "V7")
    assert "already" in run("add_known_bad", "--image", image, "--violation", "V7")
    assert "image  V7  operator on" in run("list_known_bad", "--image", copy)
    assert run("list_known_bad", "--image", other) == ""
    KnownBad.objects.update(expires_at=Now())
    assert run("list_known_bad", "--image", image) == ""


def test_an_operator_ends_entries_after_a_rehearsal(db):
    known_bad.add_text(REMOVED, terms())
    known_bad.add_text(OTHER, terms())
    entry = KnownBad.objects.earliest("pk")
    assert "would be ended" in run("expire_known_bad", entry.pk, "--dry-run")
    assert KnownBad.objects.acting().count() == 2
    assert f"{entry.pk}  {entry}: ended." in run("expire_known_bad", entry.pk)
    assert KnownBad.objects.acting().get() != entry
    assert KnownBad.objects.count() == 2
    assert AuditRow.objects.get(verb="expire_known_bad").subject == f"known text {entry}"
    with pytest.raises(CommandError, match=f"no acting entries {entry.pk}"):
        run("expire_known_bad", entry.pk)


@pytest.mark.parametrize(
    "arguments",
    [
        ["add_known_bad", "--text", "absent.txt", "--violation", "V1"],
        ["add_known_bad", "--image", __file__, "--violation", "V1"],
        ["add_known_bad", "--text", __file__, "--violation", "V99"],
        ["add_known_bad", "--text", __file__, "--violation", "V1", "--source", "decision"],
        ["add_known_bad", "--text", __file__, "--violation", "V1", "--by", "nobody"],
        ["add_known_bad", "--text", __file__, "--violation", "V1", "--days", "0"],
        ["add_known_bad", "--violation", "V1"],
        ["list_known_bad", "--image", __file__],
        ["list_known_bad", "--text", "absent.txt"],
        ["expire_known_bad", "1", "--by", "nobody"],
    ],
)
def test_what_a_command_cannot_do_it_refuses(db, arguments):
    with pytest.raises(CommandError):
        run(*arguments)
    assert not KnownBad.objects.exists()
