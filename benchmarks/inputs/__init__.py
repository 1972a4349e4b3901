"""The values that are drawn, the same for every tool."""
