"""What `manage.py up` and the tests start: PostgreSQL, Valkey and the processes of Parler.

Nothing here imports Django, except `serving.py`, which only the web server loads.
"""
