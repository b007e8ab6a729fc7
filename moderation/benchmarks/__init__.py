"""What `manage.py bench NAME` measures: each module has `NAME`, `add_arguments(parser)` and `run(options)`."""
