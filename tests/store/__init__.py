"""Tests of the folder of a figure: its Zarr store, its page, its server."""
