"""Requests that two readers could cut differently, as published about servers and proxies: lengths against chunks (CL.TE, TE.CL),
disguised encodings (TE.TE), bodies where none is expected (CL.0), chunk sizes, extensions and ends, names, line ends, request
lines and hosts. Each row carries a second request where a fooled reader would find it: INNER, which asks for a picture with the
prompt MARK. Nobody but a fooled reader ever runs it."""
import re
import socket
import struct

MARK = "smuggled fox"
TIMEOUT_S = 30


def inner(host, mark=MARK):
    body = f'{{"kind":"sdxl_image_fast","prompt":"{mark}"}}'
    return (f"POST /api/v1/generations HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Connection: close\r\n\r\n{body}").encode()


def request(*lines, start="POST /api/v1/generations HTTP/1.1", body=b""):
    """What comes before INNER. `lines` and `start` may hold raw bytes as Latin-1; {host} and {sign_in} are filled in later."""
    head = "".join(line + "\r\n" for line in (start, "Host: {host}", "{sign_in}Content-Type: application/json", *lines))
    return head.encode("latin-1") + b"\r\n" + body


def coded(value):
    return request(f"Transfer-Encoding: {value}")


CHUNKED = "Transfer-Encoding: chunked"

# An encoding that is not exactly chunked: RFC 9112, 6.1 and 6.3.
ENCODINGS = {f"encoding {value!r}": coded(value) for value in (
    "xchunked", "chunkedx", "chunked, identity", "identity", "gzip", "gzip, chunked", "deflate, chunked", "chunked, chunked",
    "cow, chunked", "chunked, cow", '"chunked"', "'chunked'", "chunked;q=1", "chunked x", "x chunked", "chunked,", ",chunked", ",", "",
    "\x0bchunked", "chunked\x0b", "\x0cchunked", "chunked\x00", "chun\x00ked", "\xa0chunked", "chunked\xa0", "chunked\x7f",
    "\xefchunked", "cHuNkEd, identity", "chunked\t,", "compress", "trailers")}
ENCODINGS |= {
    "chunked twice": request(CHUNKED, CHUNKED),
    "chunked, then identity": request(CHUNKED, "Transfer-Encoding: identity"),
    "identity, then chunked": request("Transfer-Encoding: identity", CHUNKED),
    "chunked in HTTP/1.0": request("Connection: keep-alive", CHUNKED, start="POST /api/v1/generations HTTP/1.0", body=b"0\r\n\r\n"),
    "an encoding and HTTP/1.0": request("Connection: keep-alive", "Transfer-Encoding: x", start="GET /api/v1/ready HTTP/1.0"),
}

# Names that only some readers take for the real ones.
NAMES = {f"name {line!r}": request("Content-Length: 0", line) for line in (
    "Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", " Transfer-Encoding: chunked", "\tTransfer-Encoding: chunked",
    "Transfer-Encoding\x00: chunked", "Transfer Encoding: chunked", "Transfer-Encoding\r\n : chunked", "Transfer-Encoding:\r\n chunked",
    "Transfer-Encoding:\r\n \r\n chunked", "X: x\nTransfer-Encoding: chunked", "X: x\rTransfer-Encoding: chunked",
    "X: x\r\n\rTransfer-Encoding: chunked", "\x0bTransfer-Encoding: chunked", "Tr\xe4nsfer-Encoding: chunked", ": chunked",
    "Transfer-Encoding", "Transfer-Encoding;: chunked", "Transfer-Encoding[]: chunked", "(Transfer-Encoding): chunked",
    "X: x\x00Transfer-Encoding: chunked", "X: x\r\n folded", "X:\r\n\tfolded", "X: \x01", "Transfer-Encoding\x7f: chunked")}
NAMES |= {"a space before the first name": request(start="POST /api/v1/generations HTTP/1.1\r\n X: x")}

# A Content-Length that is not one number, or not the only word about the length: 6.2 and 6.3.
LENGTHS = {f"length {value!r}": request(f"Content-Length: {value}", body=b"12345") for value in (
    "+5", "-5", "5 5", "5, 5", "5, 6", "5,", ",5", "0x5", "5;", "5.0", "1e1", "", "\x0b5", "5\x00", "5_0", "99999999999999999999",
    "18446744073709551621", "4294967301x", "\uff15".encode().decode("latin-1"), "five", "(5)", '"5"')}
LENGTHS |= {
    "two lengths": request("Content-Length: 5", "Content-Length: 6", body=b"12345"),
    "one length twice": request("Content-Length: 5", "Content-Length: 5", body=b"12345"),
    "a length in two lines": request("Content-Length:\r\n 5", body=b"12345"),
    "a space behind the length's name": request("Content-Length : 5", body=b"12345"),
    "length, then chunks": request("Content-Length: 5", CHUNKED, body=b"0\r\n\r\n"),
    "chunks, then length": request(CHUNKED, "Content-Length: 5", body=b"0\r\n\r\n"),
    "length and a strange encoding": request("Content-Length: 5", "Transfer-Encoding: identity", body=b"12345"),
    "a strange encoding and length": request("Transfer-Encoding: xchunked", "Content-Length: 5", body=b"12345"),
}


def chunks(body):
    return request(CHUNKED, body=body.encode("latin-1"))


# Sizes, extensions, ends and trailers that are read in two ways: 7.1.
CHUNKS = {f"chunks {body!r}": chunks(body) for body in (
    "0x1\r\nA\r\n0\r\n\r\n", "+1\r\nA\r\n0\r\n\r\n", "-1\r\nA\r\n0\r\n\r\n", " 1\r\nA\r\n0\r\n\r\n", "1 1\r\nA\r\n0\r\n\r\n", "\r\nA\r\n0\r\n\r\n",
    "g\r\nA\r\n0\r\n\r\n", "1_0\r\nA\r\n0\r\n\r\n", "10000000000000001\r\nA\r\n0\r\n\r\n", "1\nA\r\n0\r\n\r\n", "1\rA\r\n0\r\n\r\n",
    "1\r\nA\n0\r\n\r\n", "1\r\nA\r0\r\n\r\n", "1\r\nAXX0\r\n\r\n", "1\r\nABC\r\n0\r\n\r\n", "2\r\nA\r\n0\r\n\r\n", "0\n\n", "0\r\n\n", "0\n\r\n",
    "0\r\r\n\r\n", "1;\r\nA\r\n0\r\n\r\n", "1;a\nb\r\nA\r\n0\r\n\r\n", '1;a="\n"\r\nA\r\n0\r\n\r\n', '1;a="\\\n"\r\nA\r\n0\r\n\r\n',
    '1;a="\x00"\r\nA\r\n0\r\n\r\n', "1;a\rb\r\nA\r\n0\r\n\r\n", "1 ;a=\r\nA\r\n0\r\n\r\n", "1,a\r\nA\r\n0\r\n\r\n", '0;a="\n"\r\n\r\n', "0;\n\r\n\r\n",
    "0\r\nX: a\nY: b\r\n\r\n", "0\r\nX: a\r\n folded\r\n\r\n", "0\r\nX : a\r\n\r\n", "0\r\nContent-Length: 5\r\n\r\n",
    "0\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\nX: \x01\r\n\r\n", "0\r\nno colon\r\n\r\n", "0 0\r\n\r\n", "zero\r\n\r\n")}


def started(start):
    return request("Content-Length: 0", start=start)


# Request lines and hosts: 3, and RFC 9110, 7.2.
LINES = {f"line {start!r}": started(start) for start in (
    "POST  /api/v1/generations HTTP/1.1", "POST /api/v1/generations  HTTP/1.1", "POST\t/api/v1/generations\tHTTP/1.1",
    "POST /api/v1/generations HTTP/1.1 ", "POST /api/v1/generations HTTP/1.1\t", " POST /api/v1/generations HTTP/1.1",
    "\nPOST /api/v1/generations HTTP/1.1", "\rPOST /api/v1/generations HTTP/1.1", "POST /api/v1/generations http/1.1",
    "POST /api/v1/generations HTTP/2.0", "POST /api/v1/generations HTTP/1.1x", "POST /api/v1/generations HTTP/01.1",
    "POST /api/v1/generations HTTP/1.10", "POST /api/v1/generations HTTP/+1.1", "GET /api/v1/ready", "POST /api/v1/a b HTTP/1.1",
    "POST /api/v1/\x00 HTTP/1.1", "POST /api/v1/\xe4 HTTP/1.1", "POST /api/v1/generations#a HTTP/1.1", "POST /api/v1/\x7f HTTP/1.1",
    "PO(ST /api/v1/generations HTTP/1.1", "POST\x00 /api/v1/generations HTTP/1.1", "POST api/v1/generations HTTP/1.1",
    "POST ftp://{host}/api/v1/generations HTTP/1.1", "POST http://evil@{host}/api/v1/generations HTTP/1.1",
    "POST http:///api/v1/generations HTTP/1.1", "POST http://localhost:evil/api/v1/generations HTTP/1.1",
    "CONNECT localhost:80 HTTP/1.1", "POST /api/v1/generations HTTP/1.1\r\nHost: localhost", "POST /%00 HTTP/1.1", "POST /%zz HTTP/1.1")}
HOSTS = {f"host {host!r}": request("Content-Length: 0").replace(b"{host}", host.encode("latin-1"), 1) for host in (
    "localhost:evil", "localhost:", "localhost:80:80", "localhost:-1", "localhost:99999", "local host", "localhost,evil.example", "evil@localhost",
    "localhost/evil", "[::1", "::1", "[evil]", "localhost\x00", "localhost:80 ", "http://localhost", "localhost#", "\xe4")
         if host not in ("localhost:", "localhost:80 ")}
EXPECTATIONS = {f"expectation {value!r}": request("Content-Length: 0", f"Expect: {value}") for value in (
    "y 100-continue", "100-continue, x", "100-continue\x0b", "200-ok", "")}

REFUSED = {**ENCODINGS, **NAMES, **LENGTHS, **CHUNKS, **LINES, **HOSTS, **EXPECTATIONS}


def swallowed(*lines, start):
    """INNER is the body of the request, by its own word, and everybody has to see it so."""
    return request("Connection: close", "Content-Length: {inner}", *lines, start=start)


# One answer and no refusal of the framing: what is meant is plain.
ONE = {
    "a body where none is used (CL.0)": swallowed(start="POST /api/v1/generations/gen_x/cancel HTTP/1.1"),
    "a body of GET": swallowed(start="GET /api/v1/ready HTTP/1.1"),
    "a body of HEAD": swallowed(start="HEAD /api/v1/ready HTTP/1.1"),
    "a body for a page": swallowed(start="GET / HTTP/1.1"),
    "a body for what is not there": swallowed(start="POST /api/v1/nothing HTTP/1.1"),
    "a body for another method": swallowed(start="DELETE /api/v1/ready HTTP/1.1"),
    "a body for JSON": swallowed(start="POST /api/v1/generations HTTP/1.1"),
    "a length that is to be dropped": swallowed("Connection: Content-Length", start="GET /api/v1/ready HTTP/1.1"),
    "a name with an underscore": swallowed("Transfer_Encoding: chunked", start="GET /api/v1/ready HTTP/1.1"),
    "an encoding of another name": swallowed("X-Transfer-Encoding: chunked", "TE: chunked", start="GET /api/v1/ready HTTP/1.1"),
    "another length by another name": swallowed("Content_Length: 0", "X-Content-Length: 0", start="GET /api/v1/ready HTTP/1.1"),
    "an upgrade to HTTP/2": swallowed("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
                                      start="GET /api/v1/ready HTTP/1.1"),
    "an upgrade to WebSocket": swallowed("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                                         start="GET /api/v1/ready HTTP/1.1"),
    "another method by a header": swallowed("X-HTTP-Method-Override: GET", start="POST /api/v1/ready HTTP/1.1"),
}


def filled(row, host, sign_in=b""):
    tail = inner(host.decode())
    return row.replace(b"{host}", host).replace(b"{sign_in}", sign_in).replace(b"{inner}", str(len(tail)).encode()) + tail


def answers(connection, data):
    """The statuses of all that comes back until the other side ends the connection."""
    connection.settimeout(TIMEOUT_S)
    got = b""
    try:
        connection.sendall(data)
        while piece := connection.recv(1 << 16):
            got += piece
    except (ConnectionResetError, BrokenPipeError):
        pass
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", got)]


def directly(port, data):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        return answers(connection, data)


# HTTP/2 before a proxy that speaks HTTP/1.1 with us (H2.CL, H2.TE and line breaks in names and values). Each row: headers, body.
def downgraded(host):
    tail = inner(host)

    def row(*more, method="POST", path="/api/v1/generations", authority=host, body=tail):
        return [(":method", method), (":scheme", "https"), (":path", path), (":authority", authority),
                ("content-type", "application/json"), *more], body

    hidden = "\r\n\r\n" + tail.decode()
    return {
        "H2.CL 0": row(("content-length", "0")),
        "H2.CL too short": row(("content-length", "5")),
        "H2.CL too long": row(("content-length", str(len(tail) + 100))),
        "H2.CL twice": row(("content-length", "0"), ("content-length", str(len(tail)))),
        "H2.TE": row(("transfer-encoding", "chunked"), body=b"0\r\n\r\n" + tail),
        "H2.TE with spaces": row(("transfer-encoding ", "chunked"), body=b"0\r\n\r\n" + tail),
        "H2 line break in a value": row(("x", "y\r\nTransfer-Encoding: chunked"), body=b"0\r\n\r\n" + tail),
        "H2 line feed in a value": row(("x", "y\nTransfer-Encoding: chunked"), body=b"0\r\n\r\n" + tail),
        "H2 request in a value": row(("x", "y" + hidden), body=b""),
        "H2 line break in a name": row(("x: y\r\ntransfer-encoding", "chunked"), body=b"0\r\n\r\n" + tail),
        "H2 colon in a name": row(("transfer-encoding: chunked\r\nx", "y"), body=b"0\r\n\r\n" + tail),
        "H2 request in the path": row(path="/ HTTP/1.1\r\nHost: x" + hidden, body=b""),
        "H2 request in the method": row(method="GET / HTTP/1.1\r\nHost: x" + hidden + "GET", body=b""),
        "H2 request in the authority": row(authority=host + hidden, body=b""),
        "H2 connection": row(("connection", "transfer-encoding"), ("transfer-encoding", "chunked"), body=b"0\r\n\r\n" + tail),
    }


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(text):
    """A string of HPACK, not compressed."""
    raw = text.encode("latin-1")
    if len(raw) < 127:
        return bytes([len(raw)]) + raw
    rest, length = len(raw) - 127, b"\x7f"
    while rest >= 128:
        length, rest = length + bytes([rest % 128 + 128]), rest // 128
    return length + bytes([rest]) + raw


def speak_http_2(connection, headers, body):
    """Sends one request and reads until its stream or the connection is over."""
    connection.settimeout(TIMEOUT_S)
    block = b"".join(b"\x00" + literal(name) + literal(value) for name, value in headers)
    got = b""
    try:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"") + frame(1, 4 if body else 5, 1, block)
                           + (frame(0, 1, 1, body) if body else b""))
        while piece := connection.recv(1 << 16):
            got += piece
            while len(got) >= 9 and len(got) >= 9 + int.from_bytes(got[:3], "big"):
                kind, flags, stream = got[3], got[4], int.from_bytes(got[5:9], "big")
                got = got[9 + int.from_bytes(got[:3], "big"):]
                if kind in (3, 7) or (stream == 1 and kind in (0, 1) and flags & 1):
                    return
    except (ConnectionResetError, BrokenPipeError):
        pass
