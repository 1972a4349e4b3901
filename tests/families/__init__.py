"""The sweep over model families."""
