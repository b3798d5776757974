// From one dossier to the next as the list had them: the list on show is remembered in this tab, addresses only.
const STORE = "motcua-rows";

export function dossierPager() {
  const rows = [...document.querySelectorAll("[data-keys] [data-row] a[href*='/dossiers/']")].map((link) => link.getAttribute("href"));
  try {
    if (rows.length) sessionStorage.setItem(STORE, JSON.stringify({ rows, back: location.pathname + location.search }));
    const pager = document.querySelector("[data-pager]");
    if (pager) show(pager, JSON.parse(sessionStorage.getItem(STORE)));
  } catch {
    // Without storage there is the list to go back to.
  }
}

function show(pager, kept) {
  const path = (href) => href.split("?")[0];
  const here = kept ? kept.rows.findIndex((href) => path(href) === location.pathname) : -1;
  if (here < 0 || kept.rows.length < 2) return;
  pager.querySelector("[data-pager-place]").textContent = `${here + 1} / ${kept.rows.length}`;
  for (const link of pager.querySelectorAll("[data-pager-step]")) {
    const href = kept.rows[here + Number(link.dataset.pagerStep)];
    if (href) link.href = href;
    else link.remove();
  }
  pager.hidden = false;
}
