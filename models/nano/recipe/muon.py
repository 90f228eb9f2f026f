"""Muon: momentum whose steps are made orthogonal, for matrices."""

import torch

# Without matrix units for BF16 its products are thirty times slower than F32's.
FAST = torch.bfloat16 if torch.cuda.is_available() or torch.cpu._is_amx_tile_supported() else torch.float32


def orthogonal(matrices: torch.Tensor, rounds: int = 4) -> torch.Tensor:
    """Newton-Schulz: near the orthogonal matrices that are closest."""
    x = matrices.to(FAST)
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    for _ in range(rounds):
        a = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(a, a, a, beta=-4.775, alpha=2.0315), x, beta=3.4445)
    return (x.mT if tall else x).float()


class Muon(torch.optim.Optimizer):
    """The parameters in `joined` are q, k and v in one, and treated as three."""

    def __init__(self, parameters: list, joined: set[int], rate: float):
        super().__init__(parameters, {"lr": rate})
        self.joined = joined

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            by_shape = {}
            for parameter in group["params"]:
                momentum = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
                momentum.lerp_(parameter.grad, 0.05)
                update = parameter.grad.lerp(momentum, 0.95)
                parts = update.chunk(3) if id(parameter) in self.joined else [update]
                for i, part in enumerate(parts):
                    by_shape.setdefault(part.shape, []).append((parameter, i, part))
            for (rows, columns), parts in by_shape.items():
                steps = orthogonal(torch.stack([part for _, _, part in parts])) * max(1, rows / columns) ** 0.5
                for (parameter, i, _), step in zip(parts, steps):
                    parameter[i * rows : (i + 1) * rows].add_(step, alpha=-group["lr"])
