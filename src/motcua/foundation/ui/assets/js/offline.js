// A bar when the line is down; a form then keeps what was typed instead of losing it.
export function offlineBar() {
  const bar = document.querySelector("[data-offline]");
  if (!bar) return;
  const show = () => (bar.hidden = navigator.onLine);
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || !event.target.matches("form[data-keep]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    bar.scrollIntoView();
  }, { capture: true });
}
