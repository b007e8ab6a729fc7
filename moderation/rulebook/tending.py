"""What the sweep does for the rules, whether or not anybody looks at them."""

from moderation.rulebook import breakers, reverting, shadowing, stepping, tallying


def tend() -> None:
    """End what nobody reviewed, go on with mass reverts, forget old counts, and let the breakers look."""
    stepping.expire_due()
    reverting.carry_on_all()
    tallying.forget_old()
    shadowing.forget_old()
    breakers.trip_due()
