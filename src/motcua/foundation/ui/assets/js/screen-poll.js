// A part of the page that the server renders anew while it changes:
// <section data-every="MS" data-tag="ETAG">. It asks until the part says that it is over (data-over within it).
import { replace } from "./refresh.js";

export const isOver = (part) => Boolean(part.querySelector("[data-over]"));

export function poll(part, url, changed = () => {}) {
  let tag = `"${part.dataset.tag}"`;
  const ask = async () => {
    try {
      const answer = await fetch(url, { headers: { Accept: "text/html", "If-None-Match": tag } });
      if (answer.status === 200) {
        tag = answer.headers.get("ETag") ?? tag;
        const fresh = part.cloneNode(false);
        fresh.append(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
        if (fresh.childNodes.length === part.childNodes.length) replace(part, fresh);
        else part.replaceChildren(...fresh.childNodes);
        changed();
      } else if (answer.status !== 304) return;
    } catch {
      // No network: asked again.
    }
    if (!isOver(part)) setTimeout(ask, Number(part.dataset.every));
  };
  setTimeout(ask, Number(part.dataset.every));
}
