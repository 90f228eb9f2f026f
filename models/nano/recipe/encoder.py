"""Takes the latent space out of an earlier model's coder: encoder.py MODEL_FOLDER WORK. Writes WORK/latents.pt."""

import pathlib
import sys

import torch

from coder import encoder_code
from files import tensors
from latents import Latents


def main() -> None:
    latents = Latents()
    latents.take(*encoder_code(tensors(pathlib.Path(sys.argv[1]) / "tae.gguf")))
    torch.save(latents.state_dict(), pathlib.Path(sys.argv[2]) / "latents.pt")


if __name__ == "__main__":
    main()
