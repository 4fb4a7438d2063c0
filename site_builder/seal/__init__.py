"""A client's finished folder becomes ciphertext, which only the key behind the link's # opens.

Pure functions from bytes to bytes. The format is described in the decision record "Sealed pages";
`open.js`, beside this file, is its other half in the reader's browser. Nothing here reads a file,
the clock or chance: the same folder, link and passphrase always give the same bytes.
"""
