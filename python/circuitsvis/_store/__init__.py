"""A figure's tensors as a Zarr store that a page reads head by head, the folder around it, and a server for that folder."""
