"""Programs for the Makefile: find a browser, Node or Python, check an installation, repeat the tests, take screenshots."""
