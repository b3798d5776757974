// Calculated values of a page while somebody types. <form data-values="/drafts/…/values/"> with <dl data-value="NAME">: the
// server computes, this shows. Without this script, or without a network, they follow when the page is saved.
const WAIT = 400;

export function liveValues(root = document) {
  for (const form of root.querySelectorAll("form[data-values]")) {
    let timer, running;
    const ask = async () => {
      running?.abort();
      running = new AbortController();
      try {
        const answer = await fetch(form.dataset.values, { method: "POST", body: typed(form), signal: running.signal });
        if (answer.ok) show(form, await answer.json());
      } catch {
        // Typed on meanwhile, or no network.
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
  }
}

/** What stands in the form, files left out. */
export function typed(form) {
  return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}

function show(form, values) {
  for (const [name, text] of Object.entries(values)) {
    const part = form.querySelector(`[data-value="${CSS.escape(name)}"]`);
    if (!part) continue;
    part.hidden = !text;
    const shown = part.querySelector("dd");
    if (shown.textContent !== text) shown.textContent = text;
  }
}
