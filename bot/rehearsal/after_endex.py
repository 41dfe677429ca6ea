"""What simulated people say in the hot wash: which buttons they press, and in what words they answer. Pure."""

from collections.abc import Mapping
from random import Random

from bot.rehearsal.standin.messages import Button, Message
from bot.texts.catalogue import LANGUAGES, say

_TITLES = {say(language, "wash.title") for language in LANGUAGES}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "well": (
        "Perintah jelas dan cepat diterima.",
        "Personel sudah di posisi sebelum batas waktu.",
        "Laporan berkala berjalan lancar.",
    ),
    "improve": (
        "Alur pelaporan perlu dipersingkat.",
        "Cadangan baterai radio perlu disiapkan.",
        "Pergantian regu perlu dilatih lagi.",
    ),
    "coordination": (
        "Serah terima dengan satuan samping terlambat.",
        "Lokasi ambulans tidak diketahui semua regu.",
        "Dua kanal radio dipakai untuk hal yang sama.",
    ),
}
_LIKELY_RATINGS = ("3", "3", "4", "4", "4", "5")


def is_hot_wash(message: Message) -> bool:
    """Whether a message puts the questions of the hot wash."""
    return any(line in _TITLES for line in message.words.splitlines()[:2])


def presses(message: Message, random: Random) -> list[Button]:
    """The buttons that somebody presses under the questions: a rating, and each question perhaps."""
    rating = random.choice(_LIKELY_RATINGS)
    asked = {say(language, f"wash.button.{question}") for language in LANGUAGES for question in _WORDS}
    questions = [button for button in message.buttons if button.text in asked and random.random() < 0.7]
    return [*(button for button in message.buttons if button.text == rating), *questions]


def answer_to(prompt: Message, random: Random) -> str:
    """An answer to one question of the hot wash; empty where a message asks something else."""
    for question, words in _WORDS.items():
        if any(say(language, f"wash.question.{question}") in prompt.words for language in LANGUAGES):
            return random.choice(words)
    return ""
