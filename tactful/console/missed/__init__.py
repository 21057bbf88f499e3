"""What the detector missed, and what it hid for nothing: put right by reviewers, everywhere, and undone as easily.

`marking.py` hides, `freeing.py` makes readable again, `undoing.py` takes either back: each change is kept as it was.
"""
