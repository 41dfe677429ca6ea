"""Run the guarded reader from a small process: the system counts the memory of whoever forks to the child.

Arguments: the command. Standard input: what the reader is sent. On standard output: a line of JSON, then the answer.
"""

import json
import os
import subprocess
import sys


def main() -> None:
    """Run the command once, and tell what it used."""
    sent = sys.stdin.buffer.read()
    with subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ready = process.stdout.readline().decode()
        process.stdin.write(sent)
        process.stdin.close()
        answer = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    told = {
        "ready": ready,
        "status": process.returncode,
        "kib": used.ru_maxrss,
        "seconds": used.ru_utime + used.ru_stime,
    }
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + answer)


main()
