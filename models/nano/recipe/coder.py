"""The decoder from latents to pixels, in the engine's TAESD shape.

In training only some channels and blocks are there; full_decoder() embeds them in the full shape, where the rest is
zero (a zero block passes its input on). full_encoder() writes the linear code of latents.py as convolutions.
"""

import torch
from torch import nn
from torch.nn import functional as F

from latents import CHANNELS, PATCH, Latents

FULL_WIDTH = 64
WIDTHS = (64, 64, 32, 32)
BLOCKS = (3, 3, 2, 1)
# The engine's layer numbers: for each resolution its first convolution and its blocks.
STAGES = ((0, (2, 3, 4)), (6, (7, 8, 9)), (11, (12, 13, 14)), (16, (17,)))
OUT = 18


class Block(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.conv = nn.ModuleDict({name: nn.Conv2d(width, width, 3, padding=1) for name in ("0", "2", "4")})
        nn.init.zeros_(self.conv["4"].weight)
        nn.init.zeros_(self.conv["4"].bias)

    def forward(self, x):
        inner = F.relu(self.conv["0"](x))
        inner = F.relu(self.conv["2"](inner))
        return F.relu(x + self.conv["4"](inner))


class Decoder(nn.Module):
    """Latents to pictures in 0..1 (not clamped)."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleDict()
        before = CHANNELS
        for (first, blocks), width, count in zip(STAGES, WIDTHS, BLOCKS):
            self.layers[str(first)] = nn.Conv2d(before, width, 3, padding=1, bias=first == 0)
            for number in blocks[:count]:
                self.layers[str(number)] = Block(width)
            before = width
        self.layers[str(OUT)] = nn.Conv2d(before, 3, 3, padding=1)
        nn.init.constant_(self.layers[str(OUT)].bias, 0.5)

    def forward(self, latents):
        x = torch.tanh(latents / 3) * 3
        for first, blocks in STAGES:
            if first:
                x = F.interpolate(x, scale_factor=2, mode="nearest")
            x = self.layers[str(first)](x)
            if not first:
                x = F.relu(x)    # the engine has none after the other first convolutions
            for number in blocks:
                if str(number) in self.layers:
                    x = self.layers[str(number)](x)
        return self.layers[str(OUT)](x)


class Zeros(dict):
    """Tensors of the full shape, all zero."""

    def convolution(self, name: str, before: int, after: int, bias: bool = True) -> None:
        self[name + ".weight"] = torch.zeros(after, before, 3, 3)
        if bias:
            self[name + ".bias"] = torch.zeros(after)

    def block(self, name: str) -> None:
        for part in "024":
            self.convolution(f"{name}.conv.{part}", FULL_WIDTH, FULL_WIDTH)


def full_decoder(decoder: Decoder) -> dict:
    tensors, prefix = Zeros(), "decoder.layers."
    for first, blocks in STAGES:
        tensors.convolution(prefix + str(first), FULL_WIDTH if first else CHANNELS, FULL_WIDTH, bias=first == 0)
        for number in blocks:
            tensors.block(prefix + str(number))
    tensors.convolution(prefix + str(OUT), FULL_WIDTH, 3)
    for name, value in decoder.state_dict().items():
        corner = tuple(slice(0, size) for size in value.shape)
        tensors[prefix + name.removeprefix("layers.")][corner] = value
    return tensors


def full_encoder(latents: Latents) -> dict:
    """Exactly the linear code: convolutions of stride 2 sort the 8x8 pixels into channels, the last layers mix them."""
    tensors, prefix = Zeros(), "encoder.layers."
    tensors.convolution(prefix + "0", 3, FULL_WIDTH)
    tensors.block(prefix + "1")
    for first in (2, 6, 10):
        tensors.convolution(prefix + str(first), FULL_WIDTH, FULL_WIDTH, bias=False)
        for number in range(first + 1, first + 4):
            tensors.block(prefix + str(number))
    tensors.convolution(prefix + "14", FULL_WIDTH, CHANNELS)

    for colour in range(3):
        tensors[prefix + "0.weight"][colour, colour, 1, 1] = 1
    for j in range(4):
        y, x = divmod(j, 2)
        for colour in range(3):    # 2x2 pixels
            tensors[prefix + "2.weight"][colour * 4 + j, colour, 1 + y, 1 + x] = 1
        for channel in range(12):    # 4x4 pixels
            tensors[prefix + "6.weight"][channel * 4 + j, channel, 1 + y, 1 + x] = 1
    matrix = (latents.axes / latents.scale()).T
    # The encoder's input is 0..1, the code's -1..1: A(2x - 1 - m) = 2Ax - A1 - Am.
    constant = -(matrix @ latents.mean) - matrix.sum(1)
    matrix = matrix.view(CHANNELS, 3, PATCH, PATCH) * 2
    mix = tensors[prefix + "10.weight"]
    for colour in range(3):
        for row in range(PATCH):
            for column in range(PATCH):
                pixel = colour * 4 + (row % 2) * 2 + column % 2
                channel = pixel * 4 + (row // 2 % 2) * 2 + column // 2 % 2
                y, x = 1 + row // 4, 1 + column // 4
                # What follows lets nothing negative through, so both signs travel apart and meet in the last layer.
                mix[:CHANNELS, channel, y, x] = matrix[:, colour, row, column]
                mix[CHANNELS : 2 * CHANNELS, channel, y, x] = -matrix[:, colour, row, column]
    for i in range(CHANNELS):
        tensors[prefix + "14.weight"][i, i, 1, 1] = 1
        tensors[prefix + "14.weight"][i, CHANNELS + i, 1, 1] = -1
    tensors[prefix + "14.bias"] = constant
    return tensors


def encoder_code(tensors: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """The linear code out of a file that full_encoder() made: a matrix over pixels of -1..1, and the constant."""
    mix, prefix = tensors["encoder.layers.10.weight"], "encoder.layers."
    matrix = torch.zeros(CHANNELS, 3, PATCH, PATCH)
    for colour in range(3):
        for row in range(PATCH):
            for column in range(PATCH):
                pixel = colour * 4 + (row % 2) * 2 + column % 2
                channel = pixel * 4 + (row // 2 % 2) * 2 + column // 2 % 2
                matrix[:, colour, row, column] = mix[:CHANNELS, channel, 1 + row // 4, 1 + column // 4]
    matrix = matrix.view(CHANNELS, -1) / 2
    return matrix, tensors[prefix + "14.bias"] + matrix.sum(1)
