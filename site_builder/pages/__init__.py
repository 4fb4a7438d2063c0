"""Client and roadmaps to pages: which there are, their addresses, and every string on them.

No HTML here, and no word of ours anywhere else: sentences go through `Language.say`. An author's
text stands before or after a colon or as a sentence of its own, never inside one of ours.
"""
