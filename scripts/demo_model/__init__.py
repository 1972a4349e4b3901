"""The demo model of `circuitsvis.demo`: its sentences, and the program that trains it (`python -m scripts.demo_model`)."""
