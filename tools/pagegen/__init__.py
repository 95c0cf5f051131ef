"""Pages with marks, drawn from the norms, deterministic by seed: what the networks learn from and are tested on.

``page.draw(seed, style)`` makes one page with its labels. Three training styles can be mixed part by part;
a fourth (``kept_out``) has a layout engine, an ink model, a scanner and fonts of its own and is never
trained or tuned on.
"""
