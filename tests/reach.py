"""Whether the blackout of a page is under a finger, wherever the page was scrolled to and whatever lies on it."""

from typing import Any

HELD = """() => {
  const find = root => root.getElementById?.("blackout") ?? [...root.querySelectorAll("*")]
    .map(node => node.shadowRoot && find(node.shadowRoot)).find(Boolean);
  const top = (x, y) => {
    let node = document.elementFromPoint(x, y);
    while (node?.shadowRoot) {
      const inner = node.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === node) break;
      node = inner;
    }
    return node;
  };
  const button = find(document), box = button.getBoundingClientRect();
  const wide = document.scrollingElement.scrollWidth;
  const wrong = [];
  if (wide > innerWidth) wrong.push(`the page is ${wide} px wide on a screen of ${innerWidth}`);
  if (innerWidth > outerWidth && outerWidth) wrong.push(`the page was made ${innerWidth} px wide for ${outerWidth}`);
  if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight)
    wrong.push(`the blackout lies at ${[box.left, box.top, box.right, box.bottom].map(Math.round)}`);
  for (const [x, y] of [[.5, .5], [.06, .2], [.94, .2], [.06, .8], [.94, .8]]) {
    const found = top(box.left + x * box.width, box.top + y * box.height);
    if (!found || !(button === found || button.contains(found)))
      wrong.push(`at ${x}, ${y} of the blackout lies ${found?.tagName} ${found?.id || found?.className}`);
  }
  return wrong;
}"""


async def out_of_reach(page: Any) -> list[str]:
    """What keeps the blackout from a finger; empty when it is inside the screen, on top, and nothing is too wide."""
    return list(await page.evaluate(HELD))
