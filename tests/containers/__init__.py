"""Images built and run, as root, by an engine of the test's own: ``make test-images``."""
