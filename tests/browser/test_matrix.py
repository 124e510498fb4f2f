"""Every page of a person at every width, in both languages, in the largest print, by keyboard alone, without scripts.

Long; left to `make acceptance`. The everyday run has 390 and 1280 px (test_pages.py).
"""

from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_pages import OPEN_PAGES, OVERFLOW, PERSON_PAGES, RULES, SMALL_TARGETS, sign_in
from tests.cast import CAST

pytestmark = pytest.mark.acceptance
WIDTHS = (320, 390, 768, 1280, 1920)
LARGE_TARGET = 60
ADDRESSES = [*PERSON_PAGES, *(address for address in OPEN_PAGES if not address.startswith("/sign-in/"))]
# Text that a reader would have to pinch open, and controls smaller than the large print promises.
SMALL_TEXT = """
() => [...document.querySelectorAll('main *')]
    .filter(e => e.offsetParent && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(e => !e.closest('.hidden, svg') && parseFloat(getComputedStyle(e).fontSize) < 12)
    .map(e => e.outerHTML.slice(0, 90))
"""
LOW_CONTROLS = f"""
() => [...document.querySelectorAll('main button, main a.button, main select, main summary.tap')]
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < {LARGE_TARGET} - 0.5)
    .map(e => e.outerHTML.slice(0, 90))
"""
FOCUSED = """
() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    return {
        key: [...document.querySelectorAll('*')].indexOf(e),
        html: e.outerHTML.slice(0, 90),
        seen: r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth,
        marked: s.outlineStyle !== 'none' || s.boxShadow !== 'none',
    };
}
"""


def settings_of(page, language, size):
    for name, value in (("language", language), ("text", size)):
        page.context.add_cookies([{"name": name, "value": value, "url": urljoin(page.url, "/")}])


@pytest.mark.parametrize("size", ["standard", "extra"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_at_every_width(page, language, size):
    sign_in(page, "person", CAST.wang.number)
    settings_of(page, language, size)
    found = []
    for address in ADDRESSES:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            where = f"{address} {width}px {language} {size}"
            has_sizes = f"text-{size}" in (page.get_attribute("html", "class") or "")
            assert has_sizes or address.endswith("print/"), where
            violations = Axe().run(page, options=RULES).response["violations"]
            found += [f"{where} {v['id']}: {v['nodes'][0]['html'][:120]}" for v in violations]
            if page.evaluate(OVERFLOW) > 0:
                found.append(f"{where}: wider than the window")
            found += [f"{where} small target: {target}" for target in page.evaluate(SMALL_TARGETS)]
            found += [f"{where} small text: {text}" for text in page.evaluate(SMALL_TEXT)]
            if size == "extra" and has_sizes:
                found += [f"{where} low control: {control}" for control in page.evaluate(LOW_CONTROLS)]
    assert found == []


def walk(page):
    """Every stop of the Tab key from the top of the page until it comes round: [what FOCUSED says, …]."""
    stops, seen = [], set()
    for _ in range(400):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or stop["key"] in seen:
            return stops
        seen.add(stop["key"])
        stops.append(stop)
    return stops


@pytest.mark.parametrize("width", [390, 1280])
def test_the_keyboard_alone_reaches_everything_and_is_caught_nowhere(page, width):
    sign_in(page, "person", CAST.wang.number)
    page.set_viewport_size({"width": width, "height": 900})
    found = []
    for address in PERSON_PAGES:
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach(e => { e.open = true })")
        stops = walk(page)
        found += [f"{address} out of sight: {s['html']}" for s in stops if not s["seen"]]
        found += [f"{address} no mark of the focus: {s['html']}" for s in stops if not s["marked"]]
        in_sight = page.evaluate(
            "[...document.querySelectorAll('main a[href], main button, main select, main summary')]"
            ".filter(e => e.offsetParent).map(e => [...document.querySelectorAll('*')].indexOf(e))"
        )
        reached = {stop["key"] for stop in stops}
        if not set(in_sight) <= reached:
            found.append(f"{address}: {len(set(in_sight) - reached)} controls are never reached")
    assert found == []


def test_every_page_says_the_same_without_scripts(browser, live_server):
    said = []
    for scripts in (True, False):
        context = browser.new_context(base_url=live_server.url, java_script_enabled=scripts, locale="zh-CN")
        page = context.new_page()
        sign_in(page, "person", CAST.wang.number)
        texts = {}
        for address in PERSON_PAGES:
            answer = page.goto(address)
            assert answer.status == 200, address
            texts[address] = page.locator("h1").first.text_content()
            assert page.locator("main noscript").count() == 0
        said.append(texts)
        context.close()
    assert said[0] == said[1]
