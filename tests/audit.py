"""`python -m tests.audit`: known faults of what is inside, asked of the advisory service.

Exit 0: none known. 1: there are some. 3: the service cannot be reached, or knows none of them.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_REACHED = 3


def main() -> int:
    """Ask, and say in one line what came of it."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", "requirements.txt"]
    command += ["--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "15"]
    done = subprocess.run(
        [*command, "--format", "json"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return told(done.stdout, done.stderr)


def told(answer: str, problem: str) -> int:
    """Say what an answer of pip-audit means; the exit code for it."""
    try:
        known = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        return _say(
            NOT_REACHED, f"the advisory service cannot be reached: {problem.strip()[-200:]}"
        )
    looked = [one for one in known if "vulns" in one]
    if not looked:
        return _say(NOT_REACHED, f"the advisory service knows none of {len(known)} packages")
    faults = [(one["name"], one["version"], v["id"]) for one in looked for v in one["vulns"]]
    for name, version, fault in faults:
        _say(1, f"{name} {version}: {fault}")
    left = len(known) - len(looked)
    return _say(
        1 if faults else 0,
        f"{len(looked)} packages looked at, {left} unknown to the service, {len(faults)} faults",
    )


def _say(code: int, words: str) -> int:
    sys.stdout.write(f"audit: {words}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
