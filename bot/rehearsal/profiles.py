"""What kind of leader somebody is: how fast, how reliable, and in what words. Pure, given its randomness."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log
from random import Random

QUICKEST_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Profile:
    """How a simulated leader answers. Times are seconds of the world's clock, chances are 0 to 1."""

    usual_seconds: float = 18.0
    """The median time to an acknowledgement."""
    spread: float = 0.4
    """The standard deviation of the logarithm of the times."""
    thinking_seconds: float = 35.0
    """The median time to a decision."""
    working_seconds: float = 90.0
    """The median time to the next progress step."""
    reporting_seconds: float = 60.0
    """The median time to a report."""
    late_chance: float = 0.05
    late_seconds: float = 240.0
    """The median time to a late acknowledgement."""
    never_chance: float = 0.02
    report_chance: float = 0.8
    """How likely a report that is asked for is sent."""
    first_option_chance: float = 0.65
    """How likely each option is taken, given that the ones before it were not."""

    def acknowledges_after(self, random: Random) -> float | None:
        """Seconds until an acknowledgement; ``None`` when there will be none."""
        chance = random.random()
        if chance < self.never_chance:
            return None
        is_late = chance < self.never_chance + self.late_chance
        return self.span(self.late_seconds if is_late else self.usual_seconds, random)

    def span(self, median: float, random: Random) -> float:
        """A plausible number of seconds around ``median``."""
        return max(QUICKEST_SECONDS, random.lognormvariate(log(median), self.spread))

    def option(self, count: int, random: Random) -> int:
        """Which of ``count`` options is taken, counted from 0."""
        taken = 0
        while taken < count - 1 and random.random() >= self.first_option_chance:
            taken += 1
        return taken


RELIABLE = Profile(late_chance=0.0, never_chance=0.0, report_chance=1.0)
"""Somebody who always answers in time."""


def some_profile(random: Random) -> Profile:
    """A profile for one unit: most answer within 12 to 25 seconds, and each has its own pace."""
    return Profile(
        usual_seconds=random.uniform(12.0, 25.0),
        spread=random.uniform(0.25, 0.5),
        thinking_seconds=random.uniform(25.0, 50.0),
        working_seconds=random.uniform(60.0, 150.0),
        reporting_seconds=random.uniform(40.0, 90.0),
    )


PROFILES: Mapping[str, Callable[[Random], Profile]] = {
    "usual": some_profile,
    "quick": lambda _: Profile(usual_seconds=7.0, thinking_seconds=12.0, working_seconds=30.0, late_chance=0.0),
    "slow": lambda _: Profile(usual_seconds=75.0, thinking_seconds=120.0, working_seconds=240.0, late_chance=0.15),
    "unreliable": lambda _: Profile(late_chance=0.3, never_chance=0.25, report_chance=0.4),
}
"""The manners in which a leader can be let play, by name."""


REPORTS = (
    "Situasi terkendali, personel lengkap di posisi.",
    "Arus massa sekitar 150 orang, tertib. Pemantauan dilanjutkan.",
    "Kekuatan 1 peleton siap, perlengkapan lengkap.",
    "Jalur evakuasi terbuka, tidak ada korban.",
    "Koordinasi dengan satuan samping sudah dilakukan.",
    "Perintah dilaksanakan, hasil dilaporkan berkala.",
)
REASONS = (
    "Situasi meningkat, perlu langkah terukur sesuai tahapan.",
    "Massa masih dapat dilayani dengan negosiasi.",
    "Kekuatan di lapangan cukup, risiko bagi warga paling kecil.",
    "Mengutamakan keselamatan warga dan petugas.",
)
EVIDENCE = {
    "photo": ("foto", "photo"),
    "location": ("lokasi", "location"),
    "document": ("dokumen", "document"),
    "voice": ("pesan suara", "voice"),
    "text": ("teks", "text"),
}
"""Words by which a message asks for each kind of report."""
REQUESTS = ("balas pesan ini dengan", "reply to this message with")
"""Words that begin the line in which a message lists the reports it asks for."""
REPORT_WORDS = ("laporkan", "melapor", "lapor ", "report")
"""Words by which a message with buttons asks for a report without such a line."""


def reports_asked(text: str, *, has_buttons: bool) -> tuple[str, ...]:
    """The kinds of report that a message asks its reader for, as far as a phone shows it."""
    words = text.casefold()
    for line in words.splitlines():
        if any(request in line for request in REQUESTS):
            return tuple(kind for kind, names in EVIDENCE.items() if any(name in line for name in names))
    return ("text",) if has_buttons and any(word in words for word in REPORT_WORDS) else ()
