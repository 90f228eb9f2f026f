#!/usr/bin/env python3
"""Turns the ncnn weights of the SRVGG upscaler into an ONNX file that OpenCV's DNN module reads.

usage: convert.py MODEL.param MODEL.bin OUTPUT.onnx

The network is a chain of 3x3 convolutions with PReLU between them. The last convolution has 48 channels, which are
a 4x4 block of RGB pixels for every input pixel. That shuffle, and the enlarged input picture that is added to it,
are left to the caller (src/media/worker/upscaler.cpp), which writes 8-bit pixels in the same pass.

Only the standard library is needed. The same input gives the same bytes.
"""
import struct
import sys

FLOAT16_TAG = 0x01306B47  # ncnn writes this before weights that it stores as 16-bit floats
NOMINAL_SIDE = 128  # the size in the file is an example: the network takes any size


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append((value & 0x7F) | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, value):
    """One protobuf field: an integer, or bytes/text/an encoded message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


def tensor(name, dims, values):
    raw = struct.pack("<%df" % len(values), *values)
    return b"".join(field(1, d) for d in dims) + field(2, 1) + field(8, name) + field(9, raw)


def tensor_info(name, dims):
    shape = b"".join(field(1, field(1, d)) for d in dims)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, shape)))


def node(kind, inputs, output, attributes=b""):
    names = b"".join(field(1, name) for name in inputs)
    return names + field(2, output) + field(3, output) + field(4, kind) + attributes


def convolution_attributes():
    def ints(name, values):
        return field(5, field(1, name) + b"".join(field(8, v) for v in values) + field(20, 7))

    return ints("kernel_shape", [3, 3]) + ints("pads", [1, 1, 1, 1]) + ints("strides", [1, 1])


class NcnnWeights:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        self.offset = 0

    def half_floats(self, count):
        (tag,) = struct.unpack_from("<I", self.data, self.offset)
        if tag != FLOAT16_TAG:
            raise SystemExit("convert.py: expected 16-bit weights at byte %d" % self.offset)
        values = struct.unpack_from("<%de" % count, self.data, self.offset + 4)
        self.offset += 4 + (count * 2 + 3) // 4 * 4
        return values

    def floats(self, count):
        values = struct.unpack_from("<%df" % count, self.data, self.offset)
        self.offset += 4 * count
        return values


def layers_of(param_path):
    """The convolutions and PReLUs in order, each with its numbered parameters."""
    with open(param_path) as file:
        lines = file.read().splitlines()
    if lines[0] != "7767517":
        raise SystemExit("convert.py: not an ncnn param file")
    for line in lines[2:]:
        words = line.split()
        kind, inputs, outputs = words[0], int(words[2]), int(words[3])
        if kind in ("Convolution", "PReLU"):
            settings = words[4 + inputs + outputs:]
            yield kind, {int(k): int(v) for k, v in (word.split("=") for word in settings)}


def main(param_path, bin_path, output_path):
    weights = NcnnWeights(bin_path)
    nodes, tensors = [], []
    channels, previous = 3, "picture"
    for number, (kind, settings) in enumerate(layers_of(param_path)):
        output = "layer%d" % number
        count = settings[0]
        if kind == "Convolution":
            values = weights.half_floats(settings[6])
            tensors.append(tensor(output + ".weight", [count, channels, 3, 3], values))
            tensors.append(tensor(output + ".bias", [count], weights.floats(count)))
            inputs = [previous, output + ".weight", output + ".bias"]
            nodes.append(node("Conv", inputs, output, convolution_attributes()))
            channels = count
        else:
            tensors.append(tensor(output + ".slope", [count, 1, 1], weights.floats(count)))
            nodes.append(node("PRelu", [previous, output + ".slope"], output))
        previous = output
    if weights.offset != len(weights.data) or channels != 48:
        raise SystemExit("convert.py: the weights do not belong to this network")

    graph = b"".join(field(1, n) for n in nodes) + field(2, "srvgg_x4")
    graph += b"".join(field(5, t) for t in tensors)
    graph += field(11, tensor_info("picture", [1, 3, NOMINAL_SIDE, NOMINAL_SIDE]))
    graph += field(12, tensor_info(previous, [1, channels, NOMINAL_SIDE, NOMINAL_SIDE]))
    model = field(1, 4) + field(2, "ourvidz") + field(7, graph) + field(8, field(1, "") + field(2, 9))
    with open(output_path, "wb") as file:
        file.write(model)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
