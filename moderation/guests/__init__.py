"""Guests: people without an account who give notice of what breaks the rules or the law (DSA Article 16)."""
