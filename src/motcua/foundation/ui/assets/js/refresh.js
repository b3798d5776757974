// A part of the page that is still changing is fetched again until it no longer asks for it.
export function refresh() {
  const part = document.querySelector("[data-refresh]");
  if (!part) return;
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (fresh) replace(part, fresh);
    } finally {
      refresh();
    }
  }, Number(part.dataset.refresh));
}

// Only what is different: the focus, the place in a table and what a screen reader says stay.
export function replace(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  const same = old.nodeName === fresh.nodeName && old.childNodes.length === fresh.childNodes.length;
  if (!same || !old.children.length || old.nodeType !== Node.ELEMENT_NODE) return old.replaceWith(fresh);
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  const pairs = [...old.childNodes].map((node, at) => [node, fresh.childNodes[at]]);
  for (const [node, next] of pairs) replace(node, next);
}
