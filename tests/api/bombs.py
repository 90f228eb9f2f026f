"""Small pictures that take a careless decoder long, made here; each is legal enough to be looked at."""
import struct
import zlib


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*chunks, size=(10, 10), pixels=None):
    width, height = size
    pixels = zlib.compress((b"\0" + b"\xc0\x20\x20" * width) * height) if pixels is None else pixels
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))


def surplus_png(unpacked_bytes):
    """A picture of 10 x 10 whose pixels unpack to that much."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    return png(pixels=b"\x78\xda" + block * (unpacked_bytes >> 24) + b"\x03\x00\0\0\0\0")


def fixed(*numbers):
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def curve_stage():
    curve = b"curf\0\0\0\0" + struct.pack(">HH", 1, 0) + b"parf\0\0\0\0" + struct.pack(">HHffff", 0, 0, 1.01, 1, 0, 0)
    table = struct.pack(">II", 36, len(curve)) * 3
    return b"cvst\0\0\0\0" + struct.pack(">HH", 3, 3) + table + curve


def profile(stages):
    """A colour profile for screens whose way to XYZ goes through so many curves, all of which are one."""
    matrix = b"matf\0\0\0\0" + struct.pack(">HH9f3f", 3, 3, .43, .38, .14, .22, .71, .06, .01, .09, .71, 0, 0, 0)
    curve = curve_stage()
    places = 16 + 8 * (stages + 1)
    elements = (struct.pack(">II", places, len(curve)) * stages + struct.pack(">II", places + len(curve), len(matrix)))
    way = b"mpet\0\0\0\0" + struct.pack(">HHI", 3, 3, stages + 1) + elements + curve + matrix
    xyz = b"XYZ \0\0\0\0"
    line = b"curv\0\0\0\0\0\0\0\0"
    tags = {b"wtpt": xyz + fixed(.9642, 1, .8249), b"rXYZ": xyz + fixed(.43, .22, .01), b"gXYZ": xyz + fixed(.38, .71, .09),
            b"bXYZ": xyz + fixed(.14, .06, .71), b"rTRC": line, b"gTRC": line, b"bTRC": line, b"D2B0": way, b"D2B1": way}
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", 132 + 12 * len(tags) + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(">I4sI4s4s4s12s4s", 132 + 12 * len(tags) + len(body), b"lcms", 0x04300000, b"mntr", b"RGB ", b"XYZ ",
                         struct.pack(">6H", 2026, 1, 1, 0, 0, 0), b"acsp").ljust(68, b"\0") + fixed(.9642, 1, .8249)
    return header.ljust(128, b"\0") + table + body


def slow_profile_png(stages):
    return png(chunk(b"iCCP", b"slow\0\0" + zlib.compress(profile(stages), 9)))
