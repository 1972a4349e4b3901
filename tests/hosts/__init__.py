"""Figures in the hosts that people use, as they are installed: see docs/hosts.md. `make test-hosts` installs them and runs this."""
