"""`Source` to `Client`: types, rules, and every problem with its place, collected."""
