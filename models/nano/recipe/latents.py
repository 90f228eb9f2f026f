"""The latent space: a linear code of 8x8 pixels in 16 numbers, so that the encoder needs no training."""

import torch
from torch import nn
from torch.nn import functional as F

PATCH = 8
CHANNELS = 16
STORED = 16    # times this, as whole numbers in a byte: how training pictures are kept


class Latents(nn.Module):
    """Principal components of the patches; the first has unit variance, weak ones are lifted by the power 1/4."""

    def __init__(self):
        super().__init__()
        size = 3 * PATCH * PATCH
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("axes", torch.zeros(size, CHANNELS))
        self.register_buffer("spread", torch.ones(CHANNELS))

    def fit(self, pictures: torch.Tensor) -> float:
        """Returns the share of the variance that the code keeps."""
        patches = F.unfold(pictures, PATCH, stride=PATCH).transpose(1, 2).reshape(-1, len(self.mean))
        self.mean.copy_(patches.mean(0))
        some = (patches - self.mean)[torch.randperm(len(patches))[:60000]]
        _, strength, axes = torch.linalg.svd(some, full_matrices=False)
        self.axes.copy_(axes[:CHANNELS].T)
        self.spread.copy_(((patches - self.mean) @ self.axes).std(0))
        return float((strength**2)[:CHANNELS].sum() / (strength**2).sum())

    def scale(self) -> torch.Tensor:
        return self.spread.clamp(min=1e-3) ** 0.75 * self.spread[0] ** 0.25

    def encode(self, pictures: torch.Tensor) -> torch.Tensor:
        n, _, height, width = pictures.shape
        patches = F.unfold(pictures, PATCH, stride=PATCH).transpose(1, 2)
        code = (patches - self.mean) @ self.axes / self.scale()
        return code.transpose(1, 2).reshape(n, CHANNELS, height // PATCH, width // PATCH)

    def take(self, code: torch.Tensor, constant: torch.Tensor) -> None:
        """Becomes the code of a model file (coder.py, encoder_code()): pixels -> code @ pixels + constant."""
        self.axes.copy_(code.T)
        self.spread.fill_(1)
        self.mean.copy_(-torch.linalg.pinv(code) @ constant)
