"""How the secrets of apps are stored."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class SecretHasher(PBKDF2PasswordHasher):
    """One round is enough for a random secret of 128 characters: nobody guesses it, and every token request checks it.

    Never the hasher of people's passwords: those use the first in PASSWORD_HASHERS.
    """

    algorithm = "pbkdf2_sha256_secret"
    iterations = 1
