"""The addresses of the client API: each view fetches for its reader, calls one verb, and presents."""
