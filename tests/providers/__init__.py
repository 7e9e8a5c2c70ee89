"""Providers, prices and the catalogue."""
