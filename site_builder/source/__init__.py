"""Disk to `Source`: find the files of a workspace and read their text with places.

The only package that imports yaml. It knows which files there are, not what they must say.
"""
