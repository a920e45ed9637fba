"""What the tools beside this file share: running the fault subject, and judging what it finds afterwards."""
import os, re, shutil, subprocess, sys

SCENARIOS = "begin append recover register erase rotate checkpoint backup escrow restore".split()


def run(subject, *arguments, strace=()):
    """The exit code and the lines of one run in the folder that is named last; no code when it hangs.

    The folder is where the process runs, so that the path of the escrow, which the log keeps, leads into each
    copy's own.
    """
    *verb, folder = arguments
    try:
        done = subprocess.run(
            [*strace, os.path.abspath(subject), *verb, "."], capture_output=True, text=True, errors="replace",
            timeout=60, cwd=folder)
    except subprocess.TimeoutExpired:
        return None, ["hangs"]
    return done.returncode, done.stdout.splitlines()


def prepare(subject, base):
    code, lines = run(subject, "prepare", base)
    if code != 0:
        sys.exit(f"the folder could not be prepared: {lines}")


def fresh(base, work):
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(base, work)


def problem(scenario, acknowledged, code, lines):
    """What is wrong with the outcome of `check`, given what was acknowledged before; `None` for nothing."""
    if code != 0 or lines[-1:] != ["ok"]:
        return f"check: {lines[-1:]} (exit {code})"
    head = int(next(line for line in lines if line.startswith("head ")).split()[1])
    positions = [int(line.split()[1]) for line in acknowledged if re.fullmatch(r"ack \d+", line)]
    last = max(positions, default=0 if scenario == "begin" else 23)
    step = {"append": 2, "recover": 2, "register": 1, "begin": 1, "checkpoint": 300}.get(scenario, 0)
    if positions and head < last:
        return f"acknowledged {last}, stored {head}"
    if step and head > last + step:
        return f"acknowledged {last}, but {head} are stored"
    if "ack backup" in acknowledged and "backup" not in lines:
        return "an acknowledged backup is gone"
    if any(line.startswith("ack restore") for line in acknowledged) and "restored" not in lines:
        return "what an acknowledged restore has made is gone"
    if "ack erase" in acknowledged and "erased 2" not in lines:
        return "an acknowledged erasure is undone"
    return None
