"""Judging text without Django and without the database: views, rules, the classifier and the policy over them."""
