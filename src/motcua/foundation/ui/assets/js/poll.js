// A part of the page that others change: asked for again and again by its version, so that the answer is empty while
// nothing has changed. Without scripts the page itself comes again.
export function poll() {
  const part = document.querySelector("[data-poll]");
  if (!part) return;
  let version = part.dataset.version;
  let failures = 0;
  const stale = document.querySelector("[data-stale]");
  const ask = async () => {
    try {
      const answer = await fetch(part.dataset.poll, { headers: { "If-None-Match": version }, cache: "no-store" });
      if (answer.status === 200) {
        version = answer.headers.get("ETag") ?? "";
        show(part, await answer.text());
      } else if (answer.status !== 304) {
        throw new Error(answer.status);
      }
      failures = 0;
    } catch {
      failures += 1;
    }
    if (stale) stale.hidden = failures < 5;
    setTimeout(ask, Number(part.dataset.every));
  };
  setTimeout(ask, Number(part.dataset.every));
}

// A screen reader hears a call once; one that is repeated it hears again.
function show(part, html) {
  const before = part.querySelector("[data-call]")?.dataset.call;
  part.innerHTML = html;
  const called = part.querySelector("[data-call]");
  const said = document.querySelector("[data-announce]");
  if (called && said && called.dataset.call !== before) {
    said.textContent = "";
    setTimeout(() => { said.textContent = called.dataset.say; }, 50);
  }
}

export function printButton() {
  const button = document.querySelector("[data-print]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => print());
}
