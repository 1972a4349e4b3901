"""Small programs for the Makefile: find a browser, run with Node, repeat the tests under load, take screenshots."""
