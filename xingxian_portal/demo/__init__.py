"""The demo: an invented, lived-in 2022 that walks in through the same verbs as real work.

`story.play` is the whole of it. All names, numbers and texts are invented; the plan is the real one.
"""
