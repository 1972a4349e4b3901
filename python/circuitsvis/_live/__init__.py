"""Live figures: a widget through which the page of a notebook asks the kernel for the heads that are looked at."""
