"""Tests of the contract with the page and of the encoding."""
