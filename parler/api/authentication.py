"""Who asks the API: bearer tokens only, cookies count for nothing."""

from oauth2_provider.contrib.rest_framework import OAuth2Authentication


class BearerAuthentication(OAuth2Authentication):  # type: ignore[misc]  # django-oauth-toolkit ships no types.
    """An OAuth 2 access token, of a person or of an app."""
