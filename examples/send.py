#!/usr/bin/python3
"""
Sends from Python, with nothing but ctypes.

    send.py SYSTEM CLIENT RECIPIENT TEXT        (a password: in the environment, MAIL_PASSWORD)
"""
import ctypes
import os
import sys

# Numbers of ucmail.h.
UCM_CLIENT, UCM_TO, UCM_SUBJECT, UCM_OUTCOME_TLS_VERSION = 1, 1, 1, 3


class Asked(ctypes.Structure):
    """struct ucm_conv_message"""
    _fields_ = [("size", ctypes.c_size_t), ("style", ctypes.c_int), ("login", ctypes.c_char_p),
                ("user", ctypes.c_char_p), ("mechanism", ctypes.c_char_p), ("host", ctypes.c_char_p)]


Conversation = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.POINTER(Asked), ctypes.c_void_p,
                                ctypes.c_size_t, ctypes.c_void_p)


class Options(ctypes.Structure):
    """struct ucm_options"""
    _fields_ = [("size", ctypes.c_size_t), ("conv", Conversation)] + [
        (name, ctypes.c_void_p) for name in ("conv_arg", "resize", "resize_arg", "clock",
                                             "clock_arg", "log", "log_arg", "dial", "dial_arg")]


def load():
    """The library, its functions typed: ctypes would take every pointer for an int."""
    library = ctypes.CDLL("libucmail.so.0")
    handle, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_long
    size, pointer = ctypes.c_size_t, ctypes.POINTER(ctypes.c_void_p)
    for name, result, *arguments in (
            ("ucm_start", ctypes.c_int, ctypes.POINTER(Options), pointer),
            ("ucm_end", None, handle),
            ("ucm_add_input", ctypes.c_int, handle, text),
            ("ucm_set_number", ctypes.c_int, handle, ctypes.c_int, number),
            ("ucm_message_new", ctypes.c_int, handle, pointer),
            ("ucm_message_add_recipient", ctypes.c_int, handle, ctypes.c_int, text),
            ("ucm_message_set", ctypes.c_int, handle, ctypes.c_int, text),
            ("ucm_message_set_body", ctypes.c_int, handle, text, size),
            ("ucm_send", ctypes.c_int, handle, handle, pointer),
            ("ucm_outcome_text", text, handle, ctypes.c_int),
            ("ucm_error", text, handle)):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


@Conversation
def password(_asked, answer, room, _arg):
    """Asked only after the server was verified. Writes into the library's buffer, which it wipes."""
    secret = os.environ.get("MAIL_PASSWORD", "").encode()
    if not secret or len(secret) > room:
        return -1
    ctypes.memmove(answer, secret, len(secret))
    return len(secret)


def send(library, handle, system, client, recipient, text):
    """The status, and the version of TLS that was used."""
    message, outcome, body = ctypes.c_void_p(), ctypes.c_void_p(), text.encode()
    status = (library.ucm_add_input(handle, os.fsencode(system)) or
              library.ucm_set_number(handle, UCM_CLIENT, int(client)) or
              library.ucm_message_new(handle, message) or
              library.ucm_message_add_recipient(message, UCM_TO, recipient.encode()) or
              library.ucm_message_set(message, UCM_SUBJECT, b"From Python") or
              library.ucm_message_set_body(message, body, len(body)) or
              library.ucm_send(handle, message, outcome))
    if status:
        return status, library.ucm_error(handle).decode()
    return 0, library.ucm_outcome_text(outcome, UCM_OUTCOME_TLS_VERSION).decode()


def main():
    """Command line."""
    if len(sys.argv) != 5:
        print("usage: send.py SYSTEM CLIENT RECIPIENT TEXT", file=sys.stderr)
        return 64
    library, handle = load(), ctypes.c_void_p()
    options = Options(size=ctypes.sizeof(Options), conv=password)
    status = library.ucm_start(options, handle)
    if status:
        return status
    try:
        status, text = send(library, handle, *sys.argv[1:])
        print(text, file=sys.stderr if status else sys.stdout)
    finally:
        library.ucm_end(handle)
    return status


if __name__ == "__main__":
    sys.exit(main())
