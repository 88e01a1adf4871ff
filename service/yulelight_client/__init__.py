"""What speaks to a Yulelight service: the API's values and a client of it.

The service writes these values, the command line, the integration and the tests read them; the page's types are
generated from them. The integration ships a copy of this package, which ``scripts/share`` makes. It needs aiohttp and
mashumaro, and nothing of the service.
"""
