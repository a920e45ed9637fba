"""What the tools beside this file share: running the fault subject, and judging what it finds afterwards."""
import json, os, re, shutil, subprocess, sys

SCENARIOS = "begin append recover register erase rotate checkpoint backup escrow restore".split()

# How many events one call of a scenario records: so many may be stored beyond what was answered last.
BEYOND = dict(
    begin=1, append=2, recover=2, register=1, erase=2, rotate=1, checkpoint=300, backup=0, escrow=0, restore=0)


def number(name, lines):
    """What the first line of this name says."""
    return next((int(line.split()[1]) for line in lines if line.startswith(name + " ")), None)


def command(subject, verb, *more):
    """The subject's command line in the folder where it runs.

    So the path of the escrow, which the log keeps, leads into each copy's own.
    """
    return [os.path.abspath(subject), *verb.split(), ".", *more]


def run(subject, verb, folder, *more, strace=()):
    """The exit code and the lines of one run in `folder`; no code when it hangs."""
    try:
        done = subprocess.run(
            [*strace, *command(subject, verb, *more)], capture_output=True, text=True, errors="replace", timeout=60,
            cwd=folder)
    except subprocess.TimeoutExpired:
        return None, ["hangs"]
    return done.returncode, done.stdout.splitlines()


def verify(worker, directory, options, seconds=None):
    """The finished run of a check of the log in `directory`, and the last line of its answer.

    The worker's input stays open until it has answered: its end is that of whoever waits, and ends the worker.
    """
    reading, writing = os.pipe()
    try:
        os.write(writing, json.dumps(options, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        done = subprocess.run(
            [os.path.abspath(worker), "verify", directory], stdin=reading, capture_output=True, timeout=seconds,
            # A backtrace of each that ends by a signal would take longer than all else.
            env=dict(os.environ, SWIFT_BACKTRACE="enable=no"))
    finally:
        os.close(reading)
        os.close(writing)
    # Of bytes: a text has other ends of lines as well, which a damaged name may hold.
    return done, (done.stdout.splitlines() or [b""])[-1]


def prepare(subject, base):
    """Makes a folder to begin with, and returns what was acknowledged."""
    code, lines = run(subject, "prepare", base)
    if code != 0:
        sys.exit(f"the folder could not be prepared: {lines}")
    return lines


def fresh(base, work):
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(base, work)


def problem(subject, scenario, acknowledged, folder, check="check"):
    """What is wrong with a folder, given all that was acknowledged before; `None` for nothing.

    One that is not the folder in which the scenario ran is looked at by "check-copy".
    """
    # What was answered, each with the head that came with it.
    answers = [line.removeprefix("ack ").partition(" under ")[::2] for line in acknowledged if re.match("ack .* under ", line)]
    restored = [head for what, head in answers if what == "restore"]
    heads = [head for what, head in answers if what != "restore"]
    code, lines = run(subject, f"{check} {scenario}", folder, *(heads[-1:] or [""]), *restored)
    if code != 0 or lines[-1:] != ["ok"]:
        return f"check: {lines[-1:]} (exit {code})"
    head = number("head", lines)
    positions = [int(what) for what, _ in answers if what.isdecimal()]
    last = max(positions, default=0 if scenario == "begin" else 23)
    if positions and head < last:
        return f"acknowledged {last}, stored {head}"
    if scenario in BEYOND and head > last + BEYOND[scenario]:
        return f"acknowledged {last}, but {head} are stored"
    # A restored log is what the backup holds, and one event that says so.
    if number("restored", lines) not in (None, 24):
        return f"restored are {number('restored', lines)} events, not 24"
    done = {what for what, _ in answers}
    if "backup" in done and "backup" not in lines:
        return "an acknowledged backup is gone"
    if "escrow" in done and "escrow" not in lines:
        return "an acknowledged escrow is gone"
    if "restore" in done and number("restored", lines) is None:
        return "what an acknowledged restore has made is gone"
    if "erase" in done and "erased 2" not in lines:
        return "an acknowledged erasure is undone"
    return None
