"""What tests look at in a real page: what axe-core finds, in all sizes and colours."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, ViewportSize

AXE = Path(__file__).parent / "axe" / "axe.min.js"
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 380, "height": 800}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def serious_faults(page: Page) -> list[tuple[object, ...]]:
    """Of the page that is open: wide and narrow by all rules, in the dark by that for contrast."""
    # As the browser's own tools do: the page's policy lets no script in.
    page.evaluate(AXE.read_text("utf-8") + "; 0")
    faults: list[tuple[object, ...]] = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            rules = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
            found = page.evaluate(
                "rules => axe.run(document, {resultTypes: ['violations'], ...rules}).then(r => "
                "r.violations.filter(v => v.impact === 'serious' || v.impact === 'critical')"
                ".map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))]))",
                rules,
            )
            faults += [(page.url, size["width"], scheme, *fault) for fault in found]
    return faults


def complaints_of(page: Page) -> list[str]:
    """What the browser complains of from now on: blocked scripts and styles, errors."""
    found: list[str] = []
    page.on("console", lambda m: found.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def layout_shift(page: Page, address: str) -> float:
    """What Chromium counts as jumping while the page comes in small pieces, as on a bad line.

    30 kB a second: every page comes in many pieces, and any of them could be painted.
    """
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 5, "downloadThroughput": 30_000, "uploadThroughput": 30_000},
    )
    page.goto(address)
    line.detach()
    shift: float = page.evaluate(
        """() => new Promise(done => {
            let sum = 0;
            new PerformanceObserver(list => {
                for (const entry of list.getEntries()) sum += entry.value;
            }).observe({type: 'layout-shift', buffered: true});
            setTimeout(() => done(sum), 150);
        })"""
    )
    return shift
