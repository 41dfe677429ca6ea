"""python-telegram-bot as it comes: its updater, its HTTP backend; stores nothing."""

import sys

from telegram.ext import Application

from bench.rivals.ptb import work

if __name__ == "__main__":
    work(Application.builder().token("1:bench").base_url(f"{sys.argv[1]}/bot").build())
