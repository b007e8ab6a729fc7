"""The transformer of the second stage while it learns: MiniLM with six layers, a mean over the tokens, one logit.

Written out in plain torch, with the names of `all-MiniLM-L6-v2` (Apache-2.0) mapped on load, so that learning and export need
nothing but torch; query, key and value are one product, which also makes the exported network faster.
"""

import json
import struct
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

TOKENS, PLACES, WIDTH, HEADS, INNER, LAYERS = 30_522, 512, 384, 12, 1_536, 6
_DROPOUT = 0.1
_EPSILON = 1e-12
_MASKED = -1e4


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attend = nn.Linear(WIDTH, 3 * WIDTH)
        self.gather = nn.Linear(WIDTH, WIDTH)
        self.first_norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.widen = nn.Linear(WIDTH, INNER)
        self.narrow = nn.Linear(INNER, WIDTH)
        self.second_norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.dropout = nn.Dropout(_DROPOUT)

    def forward(self, states: Tensor, hidden: Tensor | None) -> Tensor:
        batch, length, _ = states.shape
        heads = self.attend(states).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        query, key, value = heads[0], heads[1], heads[2]
        weights = query @ key.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5
        if hidden is not None:
            weights = weights + hidden
        mixed = (torch.softmax(weights, -1) @ value).transpose(1, 2).reshape(batch, length, WIDTH)
        states = self.first_norm(states + self.dropout(self.gather(mixed)))
        inner = self.narrow(functional.gelu(self.widen(states)))
        norm: Tensor = self.second_norm(states + self.dropout(inner))
        return norm


class Network(nn.Module):
    """Token ids (and, in a padded batch, their mask) to one logit a row."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(TOKENS, WIDTH)
        self.places = nn.Embedding(PLACES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.dropout = nn.Dropout(_DROPOUT)
        self.head = nn.Linear(WIDTH, 1)

    def forward(self, tokens: Tensor, mask: Tensor | None = None) -> Tensor:
        states = self.tokens(tokens) + self.places.weight[: tokens.shape[1]]
        states = self.dropout(self.norm(states))
        hidden = None if mask is None else (1 - mask)[:, None, None, :] * _MASKED
        for layer in self.layers:
            states = layer(states, hidden)
        if mask is None:
            pooled = states.mean(1)
        else:
            pooled = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        logits: Tensor = self.head(self.dropout(pooled))
        return logits[:, 0]


def load_pretrained(path: Path) -> Network:
    """A network with the weights of `model.safetensors`, and a head that has learned nothing."""
    network, found = Network(), _read_safetensors(path)
    # The segment embedding is the same for every token here, so it becomes part of the places.
    places = (
        found["embeddings.position_embeddings.weight"] + found["embeddings.token_type_embeddings.weight"][0]
    )
    weights = {"tokens.weight": found["embeddings.word_embeddings.weight"], "places.weight": places}
    for kind in ("weight", "bias"):
        weights[f"norm.{kind}"] = found[f"embeddings.LayerNorm.{kind}"]
        for number in range(LAYERS):
            weights |= _layer_weights(found, number, kind)
    missing, unexpected = network.load_state_dict(weights, strict=False)
    if unexpected or set(missing) != {"head.weight", "head.bias"}:
        raise ValueError(f"{path} is not MiniLM-L6: {missing} are missing, {unexpected} too many.")
    return network


def _layer_weights(found: dict[str, Tensor], number: int, kind: str) -> dict[str, Tensor]:
    theirs, ours = f"encoder.layer.{number}.", f"layers.{number}."
    parts = [found[f"{theirs}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
    return {
        f"{ours}attend.{kind}": torch.cat(parts),
        f"{ours}gather.{kind}": found[f"{theirs}attention.output.dense.{kind}"],
        f"{ours}first_norm.{kind}": found[f"{theirs}attention.output.LayerNorm.{kind}"],
        f"{ours}widen.{kind}": found[f"{theirs}intermediate.dense.{kind}"],
        f"{ours}narrow.{kind}": found[f"{theirs}output.dense.{kind}"],
        f"{ours}second_norm.{kind}": found[f"{theirs}output.LayerNorm.{kind}"],
    }


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    """The float tensors of a safetensors file: eight bytes of length, a JSON header with places, and the numbers."""
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    start = 8 + length
    tensors = {}
    for name, entry in json.loads(raw[8:start]).items():
        if entry.get("dtype") == "F32":
            first, last = entry["data_offsets"]
            numbers = np.frombuffer(raw[start + first : start + last], dtype=np.float32)
            tensors[name] = torch.from_numpy(numbers.reshape(entry["shape"]).copy())
    return tensors
