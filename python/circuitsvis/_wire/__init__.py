"""The data that Python sends to the page: props, numbers as fixed point, JSON."""
