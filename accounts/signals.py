"""What the accounts tell those above them. Both are sent inside the transaction of the change."""

from django.dispatch import Signal

# An account was made: `user`.
registered = Signal()
# An account is being erased and everything that belongs to it must go too: `user`, `by`.
erasing = Signal()
