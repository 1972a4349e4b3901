"""The values to draw, the same for every tool."""
