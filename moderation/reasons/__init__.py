"""The words of statements of reasons: from what is known of a decision, in the active language. Nothing here asks the database.

`matter` is what is known, `measure` the words for block (a) of DSA Article 17(3), `blocks` those for (b) to (f); `notices` keeps them.
"""
