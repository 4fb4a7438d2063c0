"""What changed becomes a message to the client: an e-mail, plain text and a short chat text.

In the client's language and the agency's own words: `letter` says what stands in it; `plain`,
`mail` and `chat` write it down. Nothing is sent from here, and nothing is read from a disk.
"""
