"""A judge's eyes, in numpy alone: what is in 64 x 64 pixels, such as which thing, colour and background.

Its file holds the weights of a small convolutional network with one head for each question, as train_judge.py and
train_scene_judge.py write them, batch norm folded in.
"""

import pathlib

import numpy as np


def convolve(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int) -> np.ndarray:
    """3 x 3 with a border of 1 and ReLU; x is (n, h, w, c), weight (9 * c, out)."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (1, 2))[:, ::stride, ::stride]
    n, height, width, channels = windows.shape[:4]
    columns = windows.transpose(0, 1, 2, 4, 5, 3).reshape(n * height * width, 9 * channels)
    return np.maximum(columns @ weight + bias, 0).reshape(n, height, width, -1)


class Judge:
    def __init__(self, path: pathlib.Path):
        with np.load(path) as file:
            values = {name: file[name] for name in file.files}
        self.names = {head: values[f"{head}s"].tolist() for head in values["heads"].tolist()}    # what each head tells apart
        self.own_accuracy = dict(zip(values["measured"].tolist(), values["accuracy"].tolist()))
        self.layers = int(values["layers"])
        self.values = {name: value.astype(np.float32) for name, value in values.items() if value.dtype == np.float16}

    def scores(self, pictures: np.ndarray) -> tuple[np.ndarray, ...]:
        """(n, 64, 64, 3) bytes -> for each head the scores of its names, (n, number of them)."""
        x = pictures.astype(np.float32) / 127.5 - 1
        for layer in range(self.layers):
            x = convolve(x, self.values[f"weight{layer}"], self.values[f"bias{layer}"], 1 + layer % 2)
        n, side, _, channels = x.shape
        x = x.reshape(n, 2, side // 2, 2, side // 2, channels).mean((2, 4)).reshape(n, -1)
        return tuple(x @ self.values[f"{head}_weight"] + self.values[f"{head}_bias"] for head in self.names)


def halved(pictures: np.ndarray) -> np.ndarray:
    n, height, width, _ = pictures.shape
    blocks = pictures.reshape(n, height // 2, 2, width // 2, 2, 3).astype(np.float32)
    return (blocks.mean((2, 4)) + 0.5).astype(np.uint8)


def seen_about(picture: np.ndarray, box: tuple[float, float, float, float], share: float = 1.15) -> np.ndarray:
    """The square about the box (left, top, right, bottom; pixels), so many times as large as its longer side, in 64 x 64."""
    left, top, right, bottom = box
    step = max(right - left, bottom - top) * share / 128
    middles = (np.arange(128) - 63.5) * step
    rows = np.clip(np.round((top + bottom) / 2 + middles - 0.5), 0, picture.shape[0] - 1).astype(int)
    columns = np.clip(np.round((left + right) / 2 + middles - 0.5), 0, picture.shape[1] - 1).astype(int)
    return halved(picture[rows][:, columns][None])[0]


def seen_whole(picture: np.ndarray) -> np.ndarray:
    """A square picture in 64 x 64."""
    return seen_about(picture, (0, 0, *picture.shape[:2]), 1)


def sides(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The left and the right thing of pictures of 128 x 128, each in 64 x 64."""
    return pictures[:, 32:96, :64], pictures[:, 32:96, 64:]
