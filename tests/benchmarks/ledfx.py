"""LedFx beside Yulelight: the same pixels over DDP, one after the other in the same run.

LedFx shows an effect that hears nothing (rainbow), at the same 40 frames a second. It has no moments at which frames
are due, so what is compared is how evenly they come, how many, and what they cost.
"""

import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from tests.benchmarks.aims import Report
from tests.benchmarks.pixel_show import RATE
from tests.benchmarks.wire import listening

PROGRAM = Path(".venv-ledfx/bin/ledfx")
"""Installed by ``scripts/bench outputs``."""
PORT = 18_888
DEVICES, PIXELS = 20, 500
_SETTLE = 3.0


def compare(report: Report, seconds: float) -> None:
    """Adds the figures of both; LedFx's only if it is installed."""
    about = f"{DEVICES} of {PIXELS} pixels"
    with listening(DEVICES) as heard:
        module = ["-m", "tests.benchmarks.pixel_show", str(PIXELS), str(seconds), *map(str, heard.ports)]
        said = subprocess.run([sys.executable, *module], stdout=subprocess.PIPE, text=True, check=True)
        shown = json.loads(said.stdout)
    during = heard.rows[(heard.rows[:, 1] > shown["start"]) & (heard.rows[:, 1] < shown["start"] + seconds)]
    _tell(report, f"{about}, Yulelight", during, seconds, shown["cpu"])
    if not PROGRAM.is_file():
        return
    with listening(DEVICES) as heard, tempfile.TemporaryDirectory() as folder:
        begin, cpu = _ledfx(Path(folder), heard.ports, seconds)
    during = heard.rows[(heard.rows[:, 1] > begin) & (heard.rows[:, 1] < begin + seconds)]
    _tell(report, f"{about}, LedFx", during, seconds, cpu)


def _tell(report: Report, who: str, rows: np.ndarray, seconds: float, cpu: float) -> None:
    pushed = [rows[(rows[:, 0] == device) & (rows[:, 2] == 1), 1] for device in range(DEVICES)]
    uneven = 1e3 * np.abs(np.concatenate([np.diff(times) for times in pushed]) - 1 / RATE)
    report.figure(f"{who}: frames a second", float(sum(map(len, pushed)) / DEVICES / seconds))
    report.figure(f"{who}: from frame to frame off by, p99, ms", float(np.quantile(uneven, 0.99)))
    report.figure(f"{who}: CPU for 1,000 pixels, % of a core", 1e5 * cpu / (DEVICES * PIXELS))


def _ledfx(folder: Path, ports: Sequence[int], seconds: float) -> tuple[float, float]:
    """Runs it; the moment from which it was measured, and its share of a core."""
    options = ["--config", str(folder), "--port", str(PORT), "--host", "127.0.0.1", "--no-tray", "--offline"]
    with (folder / "log.txt").open("w") as log:
        program = subprocess.Popen([PROGRAM, *options], stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait()
        for number, port in enumerate(ports):
            config = {"name": f"d{number}", "ip_address": "127.0.0.1", "port": port}
            config |= {"pixel_count": PIXELS, "refresh_rate": round(RATE)}
            made = _call("POST", "devices", {"type": "ddp", "config": config})
            _call("POST", f"virtuals/{made['device']['id']}/effects", {"type": "rainbow", "config": {}})
        process = psutil.Process(program.pid)
        time.sleep(_SETTLE)
        begin, used = time.monotonic(), sum(process.cpu_times()[:2])
        time.sleep(seconds)
        return begin, (sum(process.cpu_times()[:2]) - used) / seconds
    finally:
        program.terminate()
        program.wait(30)


def _wait(patience: float = 120.0) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            _call("GET", "info")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return


def _call(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    url = f"http://127.0.0.1:{PORT}/api/{path}"
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
