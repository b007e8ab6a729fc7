"""The one signal out: a revision moved. Sent inside the transaction of the move; nobody listening means that nothing is published."""

from django.dispatch import Signal

# Arguments: `revisions` (list of Revision, locked), `old` and `new` (Status or "" for a new one), `by` (User or None).
moved = Signal()
