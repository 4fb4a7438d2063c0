"""Turn a folder of client milestones into private progress pages."""

__version__ = "0.1.0"
