// A bar while the line is down; kept.js holds what was typed and sends what was to be sent.
export function offlineBar() {
  const bar = document.querySelector("[data-offline]");
  if (!bar) return;
  const show = () => (bar.hidden = navigator.onLine);
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
