"""An NTP server that says what a test wants."""

import socket
import struct
import threading
import time

_1900 = 2_208_988_800


class LyingServer:
    """An NTP server on loopback whose clock is ``behind`` seconds behind the machine's."""

    def __init__(self):
        self.behind, self.garble, self.asked = 0.0, lambda answer: answer, 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = self._socket.getsockname()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                question, whom = self._socket.recvfrom(512)
            except OSError:
                return
            self.asked += 1
            answer = self.garble(self._answer(question))
            if answer is not None:
                self._socket.sendto(answer, whom)

    def _answer(self, question):
        now = time.time() - self.behind + _1900
        at = struct.pack("!II", int(now) % 2**32, int(now % 1 * 2**32))
        head = struct.pack("!BBBbIII", 0b00_100_100, 1, 6, -20, 0, 0, 0)
        return head + at + question[40:48] + at + at

    def close(self):
        self._socket.close()
