"""Where a delivery broke off decides whether the e-mail may have left; none waits for ever."""

import socket
import threading
from collections.abc import Callable

import pytest

from services.errors import OutcomeUnknown, ReceiverUnavailable
from services.smtp import Smtp
from tests.services.test_mail import PLAIN, Do, send
from tests.smtp_server import scripted


def answering(
    *replies: bytes, then: Callable[[socket.socket], object] = lambda caller: None
) -> Callable[..., None]:
    """Says the replies, one a command, and then does `then`."""

    def talk(caller: socket.socket) -> None:
        for number, reply in enumerate(replies):
            if number:
                caller.recv(65_536)
            caller.sendall(reply)
        then(caller)

    return talk


GREETING = (b"220 here\r\n", b"250 here\r\n")
UP_TO_DATA = (*GREETING, b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n")


@pytest.mark.parametrize("replies", [(), GREETING[:1], GREETING, UP_TO_DATA[:-2], UP_TO_DATA[:-1]])
def test_a_connection_lost_before_the_dot_sent_nothing(do: Do, replies: tuple[bytes, ...]) -> None:
    with scripted(answering(*replies)) as port, pytest.raises(ReceiverUnavailable, match="Nothing was sent"):
        send(do, port)


def test_a_connection_lost_within_the_text_sent_nothing() -> None:
    large = b"x" * 70 + b"\r\n"
    with scripted(answering(*UP_TO_DATA, then=lambda caller: caller.recv(1000))) as port:  # noqa: SIM117
        with pytest.raises(ReceiverUnavailable, match="sending the text did not answer"):
            Smtp("127.0.0.1", port, "none", PLAIN).deliver("a@b.c", ["1", "2", "3"], large * 500_000)


def read_message(caller: socket.socket) -> None:
    read = b""
    while not read.endswith(b"\r\n.\r\n"):
        read += caller.recv(65_536)


@pytest.mark.parametrize("reply", [b"", b"what?\r\n"])
def test_no_reply_that_can_be_read_after_the_dot_is_unknown(do: Do, reply: bytes) -> None:
    def then(caller: socket.socket) -> None:
        read_message(caller)
        caller.sendall(reply)

    with scripted(answering(*UP_TO_DATA, then=then)) as port, pytest.raises(OutcomeUnknown):
        send(do, port)


@pytest.mark.parametrize("dotted", [False, True])
def test_a_server_that_talks_for_ever_is_hung_up_on(do: Do, dotted: bool) -> None:
    over = threading.Event()

    def drip(caller: socket.socket) -> None:
        if dotted:
            read_message(caller)
        while not over.wait(0.05):
            caller.sendall(b"250-and another thing\r\n")

    replies = UP_TO_DATA if dotted else GREETING[:1]
    with scripted(answering(*replies, then=drip)) as port:
        with pytest.raises(OutcomeUnknown if dotted else ReceiverUnavailable):
            send(do, port, seconds=0.4)
        over.set()


def test_a_server_that_is_away_got_nothing(do: Do) -> None:
    with pytest.raises(ReceiverUnavailable, match=r"127\.0\.0\.1:1 at connecting did not answer"):
        send(do, 1)
