"""Training of the mark networks; needs torch (the ``train`` extra), which the product does not."""
