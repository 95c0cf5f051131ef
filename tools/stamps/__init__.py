"""Training of the mark networks: ``python -m tools.stamps.train``; needs torch (the ``train`` extra), the product does not."""
