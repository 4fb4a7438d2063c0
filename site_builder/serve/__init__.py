"""The live preview: the agency's files, as their clients' pages, in a browser on this machine.

A room above the pipeline. `watch` notices what was saved, `preview` builds what that concerns and
knows the state of every client, `answers` tells what stands at each address, and `server` speaks
HTTP. Nothing here reaches `site/`: a preview has a folder of its own.
"""
