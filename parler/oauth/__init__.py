"""OAuth 2: how apps get tokens. Logging in stays with allauth; here a person only consents."""
