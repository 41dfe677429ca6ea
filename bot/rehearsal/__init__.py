"""The rehearsal: a stand-in for Telegram, people in it, and leaders who answer by themselves."""
