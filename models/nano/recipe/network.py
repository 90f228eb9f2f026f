"""The network of the engine's Z-Image path in PyTorch. Parameter names are those of the model file.

The engine negates what the file's final layer gives; forward() returns the same: the velocity, noise - picture.
"""

import json
import math

import torch
from torch import nn
from torch.nn import functional as F

HEAD_SIZE = 128
WIDTH = 256
LAYERS = 6
REFINERS = 1
TEXT_WIDTH = 64
CHANNELS = 16
TIME_WIDTH = 256
TEXT_TOKENS = 32    # the engine pads to a multiple of this; all captions fit into one
PATCHES_MULTIPLE = 32    # to which it pads the picture
ROPE_AXES = (32, 48, 48)
ROPE_THETA = 256.0


class Norm(nn.Module):
    def __init__(self, width: int, epsilon: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x):
        return F.rms_norm(x, x.shape[-1:], self.weight, self.epsilon)


def rotations(rows: int, columns: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Cosine and sine for all tokens. Text number i is at (i + 1, 0, 0), a patch at (text tokens + 1, row, column)."""
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    text = torch.arange(TEXT_TOKENS)
    places = torch.cat(
        [
            torch.stack([text + 1, 0 * text, 0 * text], 1),
            torch.stack([torch.full((rows * columns,), TEXT_TOKENS + 1), y.flatten(), x.flatten()], 1),
        ]
    ).double()
    angles = [
        places[:, i : i + 1] * ROPE_THETA ** (-torch.arange(0, size, 2).double() / size)
        for i, size in enumerate(ROPE_AXES)
    ]
    angles = torch.cat(angles, 1)
    angles = torch.cat([angles, torch.zeros(-rows * columns % PATCHES_MULTIPLE, angles.shape[1])])    # padding is not turned
    return angles.cos().float(), angles.sin().float()


def rotate(x, rotation):
    """The two halves of each head are turned against each other. The engine turns neighbours: see engine_state()."""
    cosine, sine = rotation
    a, b = x.chunk(2, -1)
    return torch.cat([a * cosine - b * sine, a * sine + b * cosine], -1)


class Block(nn.Module):
    def __init__(self, modulated: bool = True):
        super().__init__()
        self.heads = WIDTH // HEAD_SIZE
        inner = 256 * ((int(8 / 3 * WIDTH) + 255) // 256)
        linear = lambda a, b: nn.Linear(a, b, bias=False)
        self.attention = nn.ModuleDict(
            {
                "qkv": linear(WIDTH, 3 * WIDTH),
                "out": linear(WIDTH, WIDTH),
                "q_norm": Norm(HEAD_SIZE, 1e-6),
                "k_norm": Norm(HEAD_SIZE, 1e-6),
            }
        )
        self.feed_forward = nn.ModuleDict(
            {"w1": linear(WIDTH, inner), "w2": linear(inner, WIDTH), "w3": linear(WIDTH, inner)}
        )
        self.attention_norm1, self.attention_norm2 = Norm(WIDTH, 1e-5), Norm(WIDTH, 1e-5)
        self.ffn_norm1, self.ffn_norm2 = Norm(WIDTH, 1e-5), Norm(WIDTH, 1e-5)
        self.adaLN_modulation = nn.ModuleList([nn.Linear(TIME_WIDTH, 4 * WIDTH)]) if modulated else None
        if modulated:
            layer = self.adaLN_modulation[0]
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
            layer.bias.data[WIDTH : 2 * WIDTH] = 0.5    # the gates start half open
            layer.bias.data[3 * WIDTH :] = 0.5

    def forward(self, x, rotation, time=None, last=None):
        """`last`: compute only so many of the last tokens; after the final block nobody needs the others."""
        n, tokens, _ = x.shape
        scale_a = gate_a = scale_f = gate_f = 1
        if time is not None:
            parts = self.adaLN_modulation[0](time).unsqueeze(1).chunk(4, -1)
            scale_a, gate_a, scale_f, gate_f = 1 + parts[0], parts[1].tanh(), 1 + parts[2], parts[3].tanh()
        mixed = self.attention["qkv"](self.attention_norm1(x) * scale_a)
        q, k, v = mixed.view(n, tokens, 3, self.heads, HEAD_SIZE).permute(2, 0, 3, 1, 4)
        k = rotate(self.attention["k_norm"](k), rotation)
        if last:
            q, x, tokens = q[:, :, -last:], x[:, -last:], last
            rotation = [part[-last:] for part in rotation]
        q = rotate(self.attention["q_norm"](q), rotation)
        # Spelled out: with so few tokens this trains 2.5 times as fast on a processor as the fused form.
        weights = (q @ k.transpose(-1, -2) * HEAD_SIZE**-0.5).softmax(-1)
        attended = (weights @ v).transpose(1, 2).reshape(n, tokens, WIDTH)
        x = x + gate_a * self.attention_norm2(self.attention["out"](attended))
        hidden = self.ffn_norm1(x) * scale_f
        f = self.feed_forward
        return x + gate_f * self.ffn_norm2(f["w2"](F.silu(f["w1"](hidden)) * f["w3"](hidden)))


class Network(nn.Module):
    def __init__(self, layers: int = LAYERS):
        super().__init__()
        self.x_embedder = nn.Linear(CHANNELS * 4, WIDTH)
        self.t_embedder = nn.ModuleDict(
            {"mlp": nn.Sequential(nn.Linear(256, WIDTH), nn.SiLU(), nn.Linear(WIDTH, TIME_WIDTH))}
        )
        self.cap_embedder = nn.Sequential(Norm(TEXT_WIDTH, 1e-5), nn.Linear(TEXT_WIDTH, WIDTH))
        self.cap_pad_token = nn.Parameter(torch.randn(WIDTH) * 0.02)
        self.x_pad_token = nn.Parameter(torch.randn(WIDTH) * 0.02)
        self.noise_refiner = nn.ModuleList(Block() for _ in range(REFINERS))
        self.context_refiner = nn.ModuleList(Block(modulated=False) for _ in range(REFINERS))
        self.layers = nn.ModuleList(Block() for _ in range(layers))
        self.final_layer = nn.ModuleDict(
            {
                "linear": nn.Linear(WIDTH, CHANNELS * 4),
                "adaLN_modulation": nn.Sequential(nn.SiLU(), nn.Linear(TIME_WIDTH, WIDTH)),
            }
        )
        for layer in (self.final_layer["linear"], self.final_layer["adaLN_modulation"][1]):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.known_rotations = {}

    def embed_time(self, sigma):
        frequencies = torch.exp(-math.log(10000) * torch.arange(128) / 128)
        angles = (1000 * (1 - sigma))[:, None] * frequencies
        return self.t_embedder["mlp"](torch.cat([angles.cos(), angles.sin()], 1).to(self.cap_pad_token.dtype))

    def forward(self, latents, sigma, text, text_lengths):
        """latents (n, 16, h, w); sigma (n) in 0..1, 1 = noise; text (n, 32, 64), of which `text_lengths` are real."""
        n, channels, height, width = latents.shape
        rows, columns = height // 2, width // 2
        patches = latents.view(n, channels, rows, 2, columns, 2).permute(0, 2, 4, 3, 5, 1)
        x = self.x_embedder(patches.reshape(n, rows * columns, 4 * channels))
        padding = -rows * columns % PATCHES_MULTIPLE
        if padding:
            x = torch.cat([x, self.x_pad_token.expand(n, padding, WIDTH)], 1)
        time = self.embed_time(sigma)
        if (rows, columns) not in self.known_rotations:
            self.known_rotations[rows, columns] = [part.to(latents.dtype) for part in rotations(rows, columns)]
        both = self.known_rotations[rows, columns]
        real = (torch.arange(TEXT_TOKENS)[None] < text_lengths[:, None])[..., None]
        y = torch.where(real, self.cap_embedder(text), self.cap_pad_token)
        for block in self.context_refiner:
            y = block(y, [part[:TEXT_TOKENS] for part in both])
        for block in self.noise_refiner:
            x = block(x, [part[TEXT_TOKENS:] for part in both], time)
        tokens = torch.cat([y, x], 1)
        for block in self.layers[:-1]:
            tokens = block(tokens, both, time)
        tokens = self.layers[-1](tokens, both, time, rows * columns + padding)[:, : rows * columns]
        scale = 1 + self.final_layer["adaLN_modulation"](time).unsqueeze(1)
        out = self.final_layer["linear"](F.layer_norm(tokens, tokens.shape[-1:], eps=1e-6) * scale)
        out = out.view(n, rows, columns, 2, 2, channels).permute(0, 5, 1, 3, 2, 4)
        return -out.reshape(n, channels, height, width)


# The engine turns neighbouring numbers of a head against each other, training the two halves, which is faster.
# Engine row j is training row NEIGHBOURS[j].
NEIGHBOURS = torch.stack([torch.arange(HEAD_SIZE // 2), torch.arange(HEAD_SIZE // 2) + HEAD_SIZE // 2], 1).flatten()
HALVES = NEIGHBOURS.argsort()


def reordered(state: dict, order: torch.Tensor) -> dict:
    """The state with the rows of q and k, and their norms, in another order."""
    result = {}
    for name, value in state.items():
        value = value.detach().clone()
        if name.endswith("attention.qkv.weight"):
            q, k, v = value.chunk(3)
            turn = lambda m: m.view(-1, HEAD_SIZE, m.shape[1])[:, order].reshape(m.shape)
            value = torch.cat([turn(q), turn(k), v])
        if name.endswith(("q_norm.weight", "k_norm.weight")):
            value = value[order]
        result[name] = value
    return result


def layers_of(state: dict) -> int:
    return len({name.split(".")[1] for name in state if name.startswith("layers.")})


def engine_state(network: Network) -> dict:
    return reordered(network.state_dict(), NEIGHBOURS)


class Text(nn.Module):
    """The engine's text side with no layers: a row for each token, normalised. A row that was never trained is zero.

    Rows are seen through the 4-bit form in which they are stored, so that training knows the rounding.
    """

    def __init__(self, path: str = "tokens.json"):
        super().__init__()
        with open(path) as file:
            self.table = json.load(file)
        self.owners = sorted(set(self.table["rows"].values()))    # the token number that a row is named after
        places = {number: i + 1 for i, number in enumerate(self.owners)}
        self.rows = {int(number): places[owner] for number, owner in self.table["rows"].items()}
        self.embedding = nn.Parameter(torch.randn(len(self.owners) + 1, TEXT_WIDTH))

    def encode(self, caption: str) -> list[int]:
        """Row numbers; 0 is the zero row of unknown words."""
        unknown = [-1]
        numbers = list(self.table["head"])
        for i, word in enumerate(caption.split()):
            numbers += self.table["next" if i else "first"].get(word.removesuffix(","), unknown)
            numbers += self.table["comma"] if word.endswith(",") else []
        return [self.rows.get(number, 0) for number in numbers + self.table["tail"]]

    def pad(self, captions: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
        lists = [self.encode(caption)[:TEXT_TOKENS] for caption in captions]
        padded = [rows + [0] * (TEXT_TOKENS - len(rows)) for rows in lists]
        return torch.tensor(padded), torch.tensor([len(rows) for rows in lists])

    def stored(self) -> torch.Tensor:
        """The rows after a round trip through Q4_0; gradients pass as if nothing had been rounded."""
        rows = self.embedding[1:]
        blocks = rows.detach().view(len(rows), -1, 32)
        largest = blocks.gather(2, blocks.abs().argmax(2, True))
        step = (largest / -8).half().float()
        steps = (blocks / torch.where(step == 0, 1.0, step) + 8.5).floor().clamp(0, 15) - 8
        rounded = rows + ((steps * step).reshape(rows.shape) - rows.detach())
        return torch.cat([torch.zeros(1, TEXT_WIDTH), rounded])

    def forward(self, rows):
        return F.rms_norm(self.stored(), (TEXT_WIDTH,), None, 1e-6)[rows]


def schedule(steps: int, shift: float = 3.0) -> torch.Tensor:
    """The engine's default noise levels, from 1 to 0."""
    s = (999 - 999 / (steps - 1) * torch.arange(steps) + 1) / 1000
    return torch.cat([shift * s / (1 + (shift - 1) * s), torch.zeros(1)])
