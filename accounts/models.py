"""People, how they stand to each other, and the apps they let in."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from accounts import handles
from accounts.ids import PublicIdField
from accounts.roles import Role
from accounts.signals import registered

# The end of what has none, in the form in which the database keeps it on accounts.
FOR_EVER = datetime(9999, 12, 30, tzinfo=UTC)


class UserQuerySet(models.QuerySet["User"]):
    def present(self) -> Self:
        """Accounts that exist for others: neither closed nor erased."""
        return self.filter(is_active=True, erased_at=None)

    def named(self, handle: str) -> Self:
        """The account with this handle, in any case of letters."""
        return self.filter(handle__iexact=handle)

    def at_or_above(self, role: Role) -> Self:
        """Accounts whose role is this one or a higher one. See also `User.get_role`."""
        if role == Role.USER:
            return self
        enough = Group.objects.filter(
            user=OuterRef("pk"), name__in=[each for each in Role if each.level >= role.level]
        )
        return self.filter(Q(is_superuser=True) | Q(Exists(enough), is_staff=True))


class UserManager(BaseUserManager["User"]):
    """Makes accounts; every way of making one ends in `register`."""

    def register(self, user: "User") -> "User":
        """Save a new account as a plain user and tell those who keep something for every account."""
        with transaction.atomic(using=self.db):
            user.save(using=self.db)
            user.groups.add(Group.objects.get_or_create(name=Role.USER)[0])
            registered.send(sender=self.model, user=user)
        return user

    def create_user(self, handle: str, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(handle=handle, email=self.normalize_email(email), **fields)
        user.set_password(password)
        return self.register(user)

    def create_superuser(self, handle: str, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(handle, email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(handle__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # Of the untyped Application.
    """An account. What others read of it (display name, biography) passes the gate and lies in `posts.Profile`."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        GERMAN = "de", "Deutsch"

    id = PublicIdField()
    handle = models.CharField(
        _("handle"), max_length=handles.MAX_LENGTH, validators=handles.HANDLE_VALIDATORS
    )
    # Empty only when the account is erased.
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("may enter the desk"), default=False)
    joined_at = models.DateTimeField(db_default=Now(), editable=False)
    # Closed for good by its person: others see nothing of it. Erased at the same moment, unless something has to be kept.
    closed_at = models.DateTimeField(null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)
    # The ends of the account's standing restrictions, kept by the database alone (`guards.RESTRICTED_USER`): whoever has the
    # account knows whether there is something to ask, and what is published is hidden by a condition on a row that is read anyway.
    read_only_until = models.DateTimeField(null=True, editable=False)
    hidden_until = models.DateTimeField(null=True, editable=False)

    objects = UserManager.from_queryset(UserQuerySet)()

    # Both are asked for once for each object: a page asks for them many times.
    _role: Role | None = None
    permissions: set[str] | None = None

    USERNAME_FIELD = "handle"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(Upper("handle"), name="accounts_user_handle_is_unique"),
            models.UniqueConstraint(
                Upper("email"), condition=~Q(email=""), name="accounts_user_email_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["en", "de"]), name="accounts_user_language_is_known"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(is_active=False, email=""),
                name="accounts_user_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(is_active=False), name="accounts_user_closed_is_inactive"
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"

    def get_absolute_url(self) -> str:
        return reverse("posts:profile", args=[self.handle])

    def clean(self) -> None:
        super().clean()
        taken = User.objects.named(self.handle).exclude(pk=self.pk if isinstance(self.pk, int) else 0)
        if taken.exists():
            raise ValidationError({"handle": _("This handle is taken.")})

    def get_role(self) -> Role:
        """The highest role that this account's groups give it; a superuser is an administrator, and who is no staff a user."""
        if self.is_superuser:
            return Role.ADMINISTRATOR
        if not self.is_staff:
            return Role.USER
        if self._role is None:
            self.keep_role(self.groups.values_list("name", flat=True))
        assert self._role is not None  # noqa: S101  Kept in the line above; tells the type checker.
        return self._role

    def keep_role(self, groups: Iterable[str]) -> None:
        """Remember the role that the groups of these names give."""
        names = set(groups)
        held = [role for role in Role if role in names]
        self._role = max(held, key=lambda role: role.level, default=Role.USER)

    def forget_role(self) -> None:
        """Ask anew: whoever changes the groups of this object calls it."""
        self._role = self.permissions = None

    def get_restriction(self) -> "Restriction | None":
        """What the account is under now, by the database's clock. Asks only where there may be something."""
        if self.read_only_until is None and self.hidden_until is None:
            return None
        return Restriction.objects.heaviest_on(self)


def not_hidden(prefix: str = "") -> Q:
    """The condition that no suspension or ban hides an account; `prefix` leads to it, such as "author__"."""
    return Q(**{f"{prefix}hidden_until": None}) | Q(**{f"{prefix}hidden_until__lte": Now()})


class Follow(models.Model):
    """`follower` reads `followed` in the home timeline."""

    id = PublicIdField()
    follower = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows")
    followed = models.ForeignKey(User, on_delete=models.CASCADE, related_name="followed_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="accounts_follow_once"),
            models.CheckConstraint(
                condition=~Q(follower=models.F("followed")), name="accounts_follow_not_oneself"
            ),
        ]
        indexes = [models.Index(fields=["followed", "-id"], name="accounts_follow_followers")]

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.followed_id}"


class Mute(models.Model):
    """`muter` does not want to read `muted` in timelines; the muted account is not told."""

    id = PublicIdField()
    muter = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mutes")
    muted = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["muter", "muted"], name="accounts_mute_once"),
            models.CheckConstraint(condition=~Q(muter=models.F("muted")), name="accounts_mute_not_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.muter_id} mutes {self.muted_id}"


class BlockQuerySet(models.QuerySet["Block"]):
    def between(self, one: "User | models.OuterRef", other: "User | models.OuterRef") -> Self:
        """Blocks by either of the two against the other."""
        return self.filter(Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one))


class Block(models.Model):
    """Neither of the two sees the other anywhere."""

    id = PublicIdField()
    blocker = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocked_by")

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="accounts_block_once"),
            models.CheckConstraint(
                condition=~Q(blocker=models.F("blocked")), name="accounts_block_not_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} blocks {self.blocked_id}"


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def in_force(self) -> Self:
        """Neither lifted nor over, by the database's clock: nobody has to end a restriction."""
        return self.filter(Q(until=None) | Q(until__gt=Now()), lifted_at=None)

    def heaviest_on(self, account: User) -> "Restriction | None":
        """What `account` is under: of several in force the heaviest, and of these the one that ends last."""
        standing = self.in_force().filter(account=account)
        return max(
            standing,
            key=lambda each: (list(Restriction.Kind).index(each.get_kind()), each.until or FOR_EVER),
            default=None,
        )


class Restriction(models.Model):
    """What an account may not do for a time, because a person decided so. Lifted, it stays as a record."""

    class Kind(models.TextChoices):
        READ_ONLY = "read_only", _("read-only")
        SUSPENDED = "suspended", _("suspended")
        BANNED = "banned", _("banned")

    id = PublicIdField()
    account = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False, related_name="restrictions")
    kind = models.CharField(max_length=9, choices=Kind)
    since = models.DateTimeField(db_default=Now())
    # Empty for one without an end.
    until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="banned", until=None)
                | Q(kind__in=["read_only", "suspended"], until__isnull=False),
                name="accounts_restriction_only_a_ban_is_endless",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")),
                name="accounts_restriction_ends_after_it_began",
            ),
        ]
        indexes = [
            # Visibility asks this of every author; nearly nobody is in it.
            models.Index(
                fields=["account", "until"],
                condition=Q(lifted_at=None),
                name="accounts_restriction_standing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} is {self.kind}"

    def get_kind(self) -> "Restriction.Kind":
        return Restriction.Kind(self.kind)

    @property
    def description(self) -> str:
        """In one sentence, in the reader's language, what the account is under and until when."""
        end = date_format(timezone.localtime(self.until), "DATETIME_FORMAT") if self.until else ""
        match self.get_kind():
            case Restriction.Kind.READ_ONLY:
                words = gettext(
                    "Your account is read-only until %(end)s: you can read, and not write anything for others."
                )
            case Restriction.Kind.SUSPENDED:
                words = gettext(
                    "Your account is suspended until %(end)s: others see neither it nor what you published."
                )
            case Restriction.Kind.BANNED:
                words = gettext("Your account is banned: others see neither it nor what you published.")
        return words % {"end": end}

    @property
    def is_hiding(self) -> bool:
        """Others do not see the account, nor what it published."""
        return self.kind != Restriction.Kind.READ_ONLY


class Application(AbstractApplication):  # type: ignore[misc]  # django-oauth-toolkit ships no types.
    """An app that speaks the API for people, or for itself."""

    id = PublicIdField()
    website = models.URLField(blank=True)
    # The scopes the app registered with, space-separated: it never gets more.
    scopes = models.TextField(default="read")

    def allows_grant_type(self, *grant_types: str) -> bool:
        """Every app may ask for itself (client credentials) and for a person who consents (authorization code)."""
        return bool({self.GRANT_AUTHORIZATION_CODE, self.GRANT_CLIENT_CREDENTIALS} & set(grant_types))

    def get_allowed_schemes(self) -> list[str]:
        """The schemes of the app's own redirect addresses: mobile apps bring their own."""
        return [uri.split(":", 1)[0].lower() for uri in self.redirect_uris.split()]

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Only an address that was registered letter by letter; apps use forms no URL parser agrees on."""
        return uri in self.redirect_uris.split()
