"""How the list of cities and airports in `engine/tactful_engine/travel/` is made (`make gazetteer`)."""
