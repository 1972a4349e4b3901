"""Helpers of the tests: models, caches, references."""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # before anything imports transformers
