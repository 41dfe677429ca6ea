"""What the fuzzers begin with, and what they have found, read again: no reader breaks its promises on it."""

from pathlib import Path
from random import Random

import pytest

from tests.fuzz.promises import READERS

CORPUS = Path(__file__).with_name("corpus")
FILES = sorted(file for file in CORPUS.glob("*/*"))


def test_every_reader_has_a_corpus_and_every_corpus_a_reader() -> None:
    assert {file.parent.name for file in FILES} == READERS.keys()
    assert sum(file.stat().st_size for file in FILES) < 100_000


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_file_of_the_corpus_is_read_as_promised(file: Path) -> None:
    READERS[file.parent.name](file.read_bytes())


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_damaged_file_of_the_corpus_is_read_as_promised(file: Path) -> None:
    """Cut, with bytes changed and with pieces repeated: what a fuzzer does first, without one at hand."""
    dice = Random(file.name)
    for _ in range(20):
        data = bytearray(file.read_bytes())
        for _ in range(dice.randint(1, 4)):
            begin = dice.randrange(len(data))
            end = min(len(data), begin + dice.randint(1, 12))
            match dice.randrange(3):
                case 0:
                    data[begin:end] = dice.randbytes(end - begin)
                case 1:
                    data[begin:begin] = data[begin:end]
                case _:
                    del data[begin + 1 : end]
        READERS[file.parent.name](bytes(data))
