"""What agencies write, and everything that is derived from it. Read this package first.

Frozen, typed and documented; it imports nothing of ours.

- `fields`: the kinds of values that stand in files (dates, links, colours …)
- `parts`: the small things that files are made of (people, requests, outcomes …)
- `written`: the files as people write them, one class a file; the reference is made from it
- `project`: the same, checked and complete: client, project, milestone
- `roadmap`: what follows from a project on a given day
- `changes`: what changed between two states of a client, and what was told of it
- `answers`: the four questions about a milestone, answered
- `page`: one page of a client's site, ready to render
"""
