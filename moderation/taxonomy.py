"""What counts as violent incitement: one vocabulary for rules, labels, reports, decisions and statements."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Severity(IntegerChoices):
    """How bad it is if it is true; the queue's first order."""

    LOW = 1, _("low")
    MID = 2, _("medium")
    HIGH = 3, _("high")


class Violation(TextChoices):
    """The classes of violations, and the words in which people are told."""

    CALL_TO_ACTION = "V1", _("call to violence")
    INCITEMENT_GROUP = "V2", _("incitement against a protected group")
    THREAT_DIRECT = "V3", _("threat")
    THREAT_CONDITIONAL = "V4", _("conditional threat")
    THREAT_VEILED = "V5", _("veiled threat")
    WISH_OF_HARM = "V6", _("wish of harm")
    GLORIFICATION = "V7", _("glorification of violence")
    LOGISTICS = "V8", _("planning of violence")
    RECRUITMENT = "V9", _("recruitment for violence")
    INSTRUCTIONS = "V10", _("instructions for violence")
    TARGET_LIST = "V11", _("publishing a target's personal data")
    ELECTION_VIOLENCE = "V12", _("violence around an election")
    ADMISSION = "V13", _("claim of serious violence")

    @property
    def severity(self) -> Severity:
        return Severity.MID if self in _MID else Severity.HIGH

    @property
    def exceptions(self) -> tuple["Allowed", ...]:
        """What a text of this class is most often mistaken for; whoever removes it has ruled these out."""
        return tuple(Allowed(code) for code in _EXCEPTIONS[self.value].split())

    @property
    def definition(self) -> str:
        """What the class covers, in one sentence."""
        return str(_DEFINITIONS[self.value])


class Allowed(TextChoices):
    """What looks like a violation and is none: it stays up."""

    REPORTING = "N1", _("reporting")
    COUNTER_SPEECH = "N2", _("counter-speech")
    AWARENESS = "N3", _("showing a threat that you received")
    FICTION = "N4", _("fiction and art")
    HYPERBOLE = "N5", _("figures of speech and jokes")
    SPORT = "N6", _("sport and games")
    OPINION = "N7", _("political opinion")
    LAW = "N8", _("self-defence, law and teaching")
    NON_CREDIBLE = "N9", _("anger without a target")
    AMBIGUOUS = "N10", _("what can be read in several ways")

    @property
    def definition(self) -> str:
        """What the class covers, in one sentence."""
        return str(_DEFINITIONS[self.value])


_MID = frozenset(
    {Violation.THREAT_VEILED, Violation.WISH_OF_HARM, Violation.GLORIFICATION, Violation.ADMISSION}
)

_EXCEPTIONS = {
    "V1": "N1 N2 N5 N6 N7 N8 N10",
    "V2": "N1 N2 N3 N4 N7 N10",
    "V3": "N2 N3 N4 N5 N6 N10",
    "V4": "N2 N3 N4 N5 N8 N10",
    "V5": "N2 N3 N4 N5 N6 N10",
    "V6": "N2 N4 N5 N6 N9 N10",
    "V7": "N1 N2 N4 N7 N8 N10",
    "V8": "N1 N4 N6 N7 N8 N10",
    "V9": "N1 N4 N6 N7 N8 N10",
    "V10": "N1 N4 N8 N10",
    "V11": "N1 N2 N3 N10",
    "V12": "N1 N2 N4 N5 N7 N10",
    "V13": "N1 N4 N5 N6 N10",
}

_DEFINITIONS = {
    "V1": _("Tells others to commit violence against a person, a group or a place."),
    "V2": _(
        "Urges violence against people because of what they are: their origin, religion, gender, disability or the like."
    ),
    "V3": _("Says that the writer means to harm somebody who can be identified."),
    "V4": _("Says that somebody will be harmed if something happens or does not happen."),
    "V5": _("Threatens in code: the words alone are harmless, together with what they hint at they are not."),
    "V6": _("Hopes that somebody is killed or injured, without calling for it."),
    "V7": _("Praises real violence or those who committed it, so as to encourage more of it."),
    "V8": _("Arranges the time, the place, the weapons or the roles for an act of violence."),
    "V9": _("Looks for people, money or a group for violence."),
    "V10": _("Explains how to make weapons or carry out attacks, in order to harm."),
    "V11": _("Publishes where somebody lives, works or can be reached, to expose them to violence."),
    "V12": _("Ties violence to voting, counting or a result, even without a named target."),
    "V13": _("Claims to have committed serious violence."),
    "N1": _("Neutral reports and documents of violence, or of threats that others made."),
    "N2": _("Quoting or describing a threat in order to condemn it or to answer it."),
    "N3": _("Those who are threatened may show it, and ask for help."),
    "N4": _("Stories, films, songs, games and satire without a real target."),
    "N5": _("Idioms and jokes that nobody would act on, such as “this deadline is killing me”."),
    "N6": _("Talk of fights and competitions: “we will crush them on Saturday”."),
    "N7": _("Harsh criticism, and calls for lawful protest, arrest, trial, resignation or a strike."),
    "N8": _("Lawful defence, the policy of armies and police, history, research and teaching."),
    "N9": _("“Terrorists deserve the worst”: anger that names nobody and plans nothing."),
    "N10": _("Where harmless readings are as likely, nothing is removed; at most a person looks at it."),
}
