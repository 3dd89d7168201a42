"""Webhooks: other programs are told what moved, as far as whoever set them up may know."""
