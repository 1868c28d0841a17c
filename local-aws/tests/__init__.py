"""Tests of the overlay, against a server of their own."""
