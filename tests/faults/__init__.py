"""Faults that Parler must survive, with real processes.

Every test ends in `world.assert_sound()`: nothing uncleared was ever served, nothing accepted is lost, everything is decided
exactly once. What the tests do in Parler's own code happens in `console.py`, a process of the stack like the others; while
they run, `watching.py` reads as a stranger all the time.
"""
