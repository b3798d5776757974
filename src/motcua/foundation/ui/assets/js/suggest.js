// Suggestions under the search box: htmx is fetched only when the page stands and somebody reaches for the box.
export function suggestions() {
  const box = document.querySelector("[data-suggest]");
  if (!box) return;
  const load = () => {
    const script = document.createElement("script");
    script.src = document.documentElement.dataset.htmx;
    document.head.append(script);
  };
  box.addEventListener("focus", load, { once: true });
}
