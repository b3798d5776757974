// <img data-print>: the print view opens as soon as the picture is there; on the way back to the page it does not again.
export function printAtOnce(root = document) {
  const picture = root.querySelector("img[data-print]");
  const [shown] = performance.getEntriesByType("navigation");
  if (!picture || shown?.type !== "navigate") return;
  picture.decode().then(() => print(), () => {});
}
