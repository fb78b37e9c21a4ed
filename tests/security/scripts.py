"""What users write runs on no page and becomes no part of one: `python -m tests.security scripts`.

500 payloads are said in the chat, and put into the address of every page, in a real Chromium. Each would set
`window.pwned`; the console is read too, since the policy reports what it had to stop. Beside that the
Jira documents that such texts become are held against Atlassian's schema.
"""

import logging
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from starlette.routing import Route

from services.errors import ActionFailed
from services.markup import to_adf
from tests.jira_contract import adf_schema
from tests.security.report import show
from tests.web.conftest import console, serving_site
from tests.web.hostile import PAYLOADS
from web.app import app

_BREAKOUTS = (
    *("", '">', "'>", "</textarea>", "</title>", "</script>", "</style>", "</p></div></main>", "--><", "]]>"),
    *("\u2028", "&quot;>", "%22%3E", "</ins></del>", "</option></select>", "</summary></details>", "</a>"),
    *("</form>", '\\">', "</li></ul>", "<!--", "<![CDATA[", "</template>", "\t\n>", "/>"),
)
_VECTORS = (
    "<script>window.pwned=1</script>",
    "<ScRiPt>window.pwned=1</sCrIpT>",
    "<script\n>window.pwned=1</script\n>",
    "<img src=x onerror=window.pwned=1>",
    "<img src=x:x onerror\n=window.pwned=1>",
    "<svg/onload=window.pwned=1>",
    "<svg><set attributeName=href to=javascript:window.pwned=1 onbegin=window.pwned=1>",
    "<input autofocus onfocus=window.pwned=1>",
    "<details open ontoggle=window.pwned=1>",
    "<iframe srcdoc=&lt;script&gt;parent.pwned=1&lt;/script&gt;>",
    "<a href=java&#10;script:window.pwned=1 autofocus>x</a>",
    "<style>@import'data:text/css,*{display:none}';*{background:url(//127.0.0.1:9)}</style>",
    "<link rel=stylesheet href=//127.0.0.1:9/x.css>",
    "<base href=//127.0.0.1:9/>",
    "<meta http-equiv=refresh content='0;url=data:text/html,x'>",
    "<object data=data:text/html,<script>opener.pwned=1</script>>",
    "<math><mtext><table><mglyph><style><img src onerror=window.pwned=1>",
    " onmouseover=window.pwned=1 autofocus onfocus=window.pwned=1 x=",
    "[x](javascript:window.pwned=1) ![x](x onerror=window.pwned=1)",
    "{{constructor.constructor('window.pwned=1')()}}${window.pwned=1}<%=1%>",
)
_FOREIGN = (
    "main :is(script, iframe, object, embed, img, base, link, style, meta, set, math, [onerror], [onload], "
    "[onfocus], [ontoggle], [onclick], [style]), [href^='javascript:' i], [src^='data:' i]"
)
_NAMES = ("say", "user", "project", "action", "done", "period", "from", "next", "days", "by", "key")


def payloads() -> list[str]:
    """500 of their own and those of the page tests."""
    return list(dict.fromkeys([*("".join(pair) for pair in product(_BREAKOUTS, _VECTORS)), *PAYLOADS]))


def pages() -> list[str]:
    """Every route with a plain path that may be opened in a browser."""
    opened = [route for route in app.routes if isinstance(route, Route) and "GET" in (route.methods or ())]
    return sorted({route.path for route in opened if "{" not in route.path and route.path != "/"})


def opened(browser: Chrome, address: str) -> list[str]:
    """What is wrong with the page at `address`."""
    browser.get(address)
    found = ["ran"] if browser.execute_script("return window.pwned || null") is not None else []
    if browser.find_elements(By.CSS_SELECTOR, _FOREIGN) and "xml" not in address:
        found.append("became part of the page")
    said = [line for line in console(browser) if "Failed to load resource" not in line]  # a 4xx is one
    return [f"{what}: {address:.300}" for what in [*found, *said]]


def shown(browser: Chrome, site: str, payload: str) -> list[str]:
    """What goes wrong where one payload is said, and where it is in the address."""
    said = {"message": f"fixed {payload} on XSS-1, tested on staging", "context": {"user_id": "mallory"}}
    asked = httpx.post(f"{site}/chat", json=said, timeout=30).json()
    query = httpx.QueryParams(dict.fromkeys(_NAMES, payload))
    where = [f"{path}?{query}" for path in pages()]
    where.append(f"/app?{httpx.QueryParams(thread=asked['thread_id'])}")
    if pending := asked.get("pending_approval"):
        where.append(f"/actions/{pending['action_id']}/history")
    return [wrong for path in where for wrong in opened(browser, site + path)]


def policy(site: str) -> list[str]:
    """Pages that let in more than our own files."""
    wrong = []
    for path in pages():
        answer = httpx.get(site + path, headers={"Accept": "text/html"}, timeout=30)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        said = answer.headers.get("content-security-policy", "")
        strict = (
            "default-src 'none'" in said and "unsafe" not in said and "*" not in said and "http" not in said
        )
        if not strict:
            wrong.append(f"{path} has the policy {said!r}")
    return wrong


def documents(texts: list[str]) -> list[str]:
    """Texts that become a Jira document that is not valid, or holds a mention or media."""
    allowed = {"doc", "paragraph", "text", "hardBreak", "bulletList", "orderedList", "listItem", "codeBlock"}
    wrong = []
    for text in texts:
        try:
            document = to_adf(text)
        except ActionFailed:
            continue
        kinds = set(_kinds(document))
        if not adf_schema().is_valid(document) or not kinds <= allowed:
            wrong.append(f"{text!r} becomes {sorted(kinds)}")
    return wrong


def _kinds(node: Any) -> Iterator[str]:
    yield node["type"]
    for child in node.get("content", []):
        yield from _kinds(child)


@contextmanager
def chromium(profile: str) -> Iterator[Chrome]:
    """As the page tests have it."""
    options = ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for switch in ("headless", "no-sandbox", "disable-gpu", "disable-sync", f"user-data-dir={profile}"):
        options.add_argument(f"--{switch}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with Chrome(options=options, service=Service(shutil.which("chromedriver"))) as browser:
        yield browser


def main(every: int = 1) -> bool:
    """`every`: of so many payloads one is tried."""
    logging.disable()
    chosen, wrong = payloads()[::every], documents([f"{one} [~admin] @all !a.png!" for one in payloads()])
    limits = {"MAX_REQUESTS_PER_MINUTE": "100000", "MAX_REQUESTS_PER_HOUR": "100000"}
    with (
        TemporaryDirectory() as folder,
        TemporaryDirectory() as profile,
        serving_site(Path(folder), **limits) as site,
        chromium(profile) as browser,
    ):
        wrong += policy(site)
        for payload in chosen:
            wrong += shown(browser, site, payload)
        wrong += opened(browser, f"{site}/review?user=mallory")
    figures = {"payloads": len(chosen), "pages": len(pages()), "opened": len(chosen) * (len(pages()) + 2)}
    return show("No text runs on a page", figures, wrong)


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else "A text became part of a page: see above.")
