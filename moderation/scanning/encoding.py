"""The second stage: a small transformer that reads a piece of text as a whole, where the first stage is unsure.

The network is MiniLM with six layers and one output, quantised to 8-bit integers. Pieces are read one by one: activations
are quantised over the whole input of a run, so that in a batch the neighbours would change a text's logit, and
batches are not faster. It runs on one thread, because a worker has one core.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

LONGEST = 128
"""Tokens that are read of a piece, about 500 English or 350 German characters."""

_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_MENTION = re.compile(r"@\w+")


def encoder_text(plain: str) -> str:
    """What the network reads of a plain view: who is addressed and where a link leads do not matter."""
    masked = _ADDRESS.sub("http", plain) if "http" in plain or "www." in plain else plain
    return _MENTION.sub("@user", masked) if "@" in masked else masked


def make_tokenizer(vocabulary: str) -> Tokenizer:
    """The tokenizer from its JSON, cutting at LONGEST."""
    tokenizer = Tokenizer.from_str(vocabulary)
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


class EncoderStage:
    """Scores pieces of text, one logit each."""

    def __init__(self, network: bytes, vocabulary: str) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        self._tokenizer = make_tokenizer(vocabulary)

    @classmethod
    def unpack(cls, arrays: Mapping[str, Any]) -> "EncoderStage":
        """Takes its part out of an artefact; raises ValueError when it is not what it should be."""
        network, vocabulary = arrays["encoder"].tobytes(), arrays["vocabulary"].tobytes()
        try:
            return cls(network, vocabulary.decode())
        except Exception as error:
            # Both libraries raise exceptions of many kinds for bytes that are not theirs.
            raise ValueError(f"its second stage cannot be loaded: {error}") from error

    def logit(self, piece: str) -> float:
        """The logit of one piece of a plain view."""
        tokens = np.array([self._tokenizer.encode(encoder_text(piece)).ids], dtype=np.int64)
        (logits,) = self._session.run(None, {"tokens": tokens})
        return float(logits[0])

    def logits(self, pieces: Sequence[str]) -> npt.NDArray[np.float64]:
        return np.array([self.logit(piece) for piece in pieces])
