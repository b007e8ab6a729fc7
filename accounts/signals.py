"""What the accounts tell those above them, and ask them. Changes are told inside their own transaction."""

from django.dispatch import Signal

# An account was made: `user`.
registered = Signal()
# An account is being erased: nobody else may see anything of it any more, and everything that belongs to it must go too, but
# for what is `kept` (a `keeping.Kept`): `user`, `by` (None when it is done because what had been kept need not be any more).
erasing = Signal()
# Must something of an account be kept for a time, although it is to be erased? `user`. One receiver answers with a `keeping.Kept`.
keeping = Signal()
# Somebody of the staff looks at one record in the admin: `record`, `by`.
looked_at = Signal()
