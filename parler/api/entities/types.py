"""The entities of Mastodon's client API that Parler fills, key by key. The OpenAPI description is made from them."""

from typing import Any, Literal, NotRequired, TypedDict


class Field(TypedDict):
    name: str
    value: str
    verified_at: str | None


class Source(TypedDict):
    """What somebody's own account was made from."""

    privacy: str
    sensitive: bool
    language: str | None
    note: str
    fields: list[Field]
    follow_requests_count: int
    indexable: bool
    hide_collections: bool
    discoverable: bool | None


class Role(TypedDict):
    id: str
    name: str
    permissions: str
    color: str
    highlighted: bool


class Account(TypedDict):
    """A person, as others read of them. The display name and the note are the cleared ones."""

    id: str
    username: str
    acct: str
    display_name: str
    group: bool
    locked: bool
    created_at: str
    followers_count: int
    following_count: int
    statuses_count: int
    last_status_at: str | None
    note: str
    url: str
    uri: str
    avatar: str
    avatar_static: str
    header: str
    header_static: str
    bot: bool
    fields: list[Field]
    emojis: list[Any]
    discoverable: bool | None
    noindex: bool | None
    indexable: bool
    hide_collections: bool
    roles: list[Role]
    source: NotRequired[Source]
    role: NotRequired[Role]


class StatusMention(TypedDict):
    id: str
    username: str
    acct: str
    url: str


class Tag(TypedDict):
    name: str
    url: str


class StatusApplication(TypedDict):
    name: str
    website: str | None


class Moderation(TypedDict):
    """Only in answers to the author: how the newest version of the status stands.

    `pending`: the machine has not decided. `held`: a person will decide. `published`: others see it. `rejected`: it was taken
    down, and `reasons` names the rules. `others_see_earlier`: an earlier version is up. `marks`: what moderators set on a
    status that stays up: `labelled` (it is behind a warning), `limited` (its reach), `locked` (it takes no comments).
    """

    state: Literal["pending", "held", "published", "rejected"]
    since: str
    reasons: list[str]
    others_see_earlier: bool
    marks: list[str]


class ParlerExtension(TypedDict):
    moderation: Moderation


class Status(TypedDict):
    """A post, a comment, or an echo (then `reblog` is what it echoes)."""

    id: str
    uri: str
    url: str | None
    account: Account
    content: str
    created_at: str
    edited_at: str | None
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    visibility: Literal["public", "private", "direct"]
    sensitive: bool
    spoiler_text: str
    language: str | None
    mentions: list[StatusMention]
    tags: list[Tag]
    media_attachments: list[Any]
    emojis: list[Any]
    reblogs_count: int
    favourites_count: int
    replies_count: int
    reblog: "Status | None"
    quote: "Quote | None"
    card: Any
    poll: Any
    application: StatusApplication | None
    favourited: NotRequired[bool]
    reblogged: NotRequired[bool]
    muted: NotRequired[bool]
    bookmarked: NotRequired[bool]
    filtered: NotRequired[list[Any]]
    text: NotRequired[str]
    parler: NotRequired[ParlerExtension]


class Quote(TypedDict):
    """What a status quotes; `unauthorized` where this reader may not see it, or it is gone."""

    state: Literal["accepted", "unauthorized"]
    quoted_status: "Status | None"


class StatusSource(TypedDict):
    id: str
    text: str
    spoiler_text: str


class StatusEdit(TypedDict):
    content: str
    spoiler_text: str
    sensitive: bool
    created_at: str
    account: Account
    media_attachments: list[Any]
    emojis: list[Any]


class Context(TypedDict):
    ancestors: list[Status]
    descendants: list[Status]


class Relationship(TypedDict):
    """How the token's person stands to another account."""

    id: str
    following: bool
    followed_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    requested: bool
    requested_by: bool
    domain_blocking: bool
    showing_reblogs: bool
    endorsed: bool
    notifying: bool
    note: str
    languages: list[str] | None


class Report(TypedDict):
    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    status_ids: list[str] | None
    rule_ids: list[str] | None
    target_account: Account


class Application(TypedDict):
    id: str
    name: str
    website: str | None
    scopes: list[str]
    redirect_uri: str
    redirect_uris: list[str]
    vapid_key: str


class CredentialApplication(Application):
    """A new app; its secret is shown this once."""

    client_id: str
    client_secret: str
    client_secret_expires_at: int


Preferences = TypedDict(
    "Preferences",
    {
        "posting:default:visibility": str,
        "posting:default:sensitive": bool,
        "posting:default:language": str | None,
        "reading:expand:media": str,
        "reading:expand:spoilers": bool,
        "reading:autoplay:gifs": bool,
    },
)


class Rule(TypedDict):
    id: str
    text: str
    hint: str


class Instance(TypedDict):
    """The first version of the description of this server."""

    uri: str
    title: str
    short_description: str
    description: str
    email: str
    version: str
    urls: dict[str, str]
    thumbnail: str | None
    languages: list[str]
    registrations: bool
    approval_required: bool
    invites_enabled: bool
    configuration: dict[str, Any]
    contact_account: Account | None
    rules: list[Rule]


class InstanceV2(TypedDict):
    """What this server is, and what it can take."""

    domain: str
    title: str
    version: str
    description: str
    thumbnail: dict[str, Any] | None
    icon: list[Any]
    languages: list[str]
    configuration: dict[str, Any]
    registrations: dict[str, Any]
    api_versions: dict[str, int]
    contact: dict[str, Any]
    rules: list[Rule]
