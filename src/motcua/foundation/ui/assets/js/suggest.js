// Suggestions under search boxes: htmx is fetched only when the page stands and somebody reaches for a box.
export function suggestions() {
  const boxes = document.querySelectorAll("[data-suggest]");
  const load = () => {
    for (const box of boxes) box.removeEventListener("focus", load);
    const script = document.createElement("script");
    script.src = document.documentElement.dataset.htmx;
    document.head.append(script);
  };
  for (const box of boxes) box.addEventListener("focus", load);
}
