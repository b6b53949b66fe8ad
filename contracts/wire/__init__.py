"""How messages travel: signatures, transports in process and over HTTPS, typed clients, servers."""
