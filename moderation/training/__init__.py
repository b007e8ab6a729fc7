"""Learning the classifier's weights. Needs requirements-dev.txt; nothing that serves requests imports this package."""
