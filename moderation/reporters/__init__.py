"""Reporters: whom to listen to first, whose reports led to something, and who reports without reason."""
