"""The help articles (help/*.md of the project) and the search in them."""
