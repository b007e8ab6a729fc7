"""The refusals of the scanner: exceptions whose sentence an operator can act on."""


class ScannerNotReady(Exception):
    """A model or ruleset is missing, corrupt or unreadable; the sentence says which file and why. Nothing is cleared."""


class BadRuleset(ScannerNotReady):
    """A ruleset cannot be used; the sentence names the file, the rule and the fault."""


class MatcherFailed(Exception):
    """The pattern engine could not finish a text, so that silence would not mean "nothing found"."""
