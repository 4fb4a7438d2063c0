"""A client's finished folder becomes part of the site: private path, headers, one exchange.

Whatever happens in between, a reader finds each client's folder whole, old or new.
"""
