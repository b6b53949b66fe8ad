"""Which TCP ports answer at an address: a program that is sent to a zone and runs there.

It uses the standard library of Python 3.6 alone, and its text is sent as it is, through the
standard input of the command that runs Python in the zone. Source: URS-SEC-005.
"""

import errno
import select
import socket
import threading
import time

WAIT_S = 1.0
AT_ONCE = 256


def open_ports(address, first, last):  # type: ignore[no-untyped-def]
    """The ports from ``first`` to ``last`` on which a connection comes about. Raises: OSError."""
    found = []
    waiting = {}  # type: ignore[var-annotated] # by descriptor: socket, port, until when
    ports = iter(range(first, last + 1))
    poll = select.epoll()
    port = next(ports, None)
    while port is not None or waiting:
        while port is not None and len(waiting) < AT_ONCE:
            tried = socket.socket()
            tried.setblocking(False)
            number = tried.connect_ex((address, port))
            if number in (0, errno.EINPROGRESS):
                waiting[tried.fileno()] = (tried, port, time.monotonic() + WAIT_S)
                poll.register(tried.fileno(), select.EPOLLOUT)
            else:
                tried.close()
                if number != errno.ECONNREFUSED:
                    raise OSError(number, "%s cannot be tried" % address)  # noqa: UP031
            port = next(ports, None)
        over = {number for number, _ in poll.poll(0.05)}
        now = time.monotonic()
        for number in [n for n, (_, _, until) in waiting.items() if n in over or until < now]:
            tried, tried_port, _ = waiting.pop(number)
            poll.unregister(number)
            if number in over and not tried.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                found.append(tried_port)
            tried.close()
    return sorted(found)


def listen(address, port):  # type: ignore[no-untyped-def]
    """Take connections on a port until the program is ended. Raises: OSError."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((address, port))
    listening.listen(16)

    def take():  # type: ignore[no-untyped-def]
        while True:
            listening.accept()[0].close()

    threading.Thread(target=take, daemon=True).start()
