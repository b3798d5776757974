// Reads the page aloud, from its heading to its end; loaded only when somebody presses the button (aloud-button.js).
// What is only for the eye is left out (aria-hidden); what is only for the ear is read (ds-sr-only); questions as label and hint.
const SKIPPED = "script, style, noscript, svg, select, [hidden], [aria-hidden=true], .trap, .aloud, details:not([open]) > :not(summary)";
const BLOCKS = "h1, h2, h3, p, li, dt, dd, label, legend, summary, td, th, caption, button";

export function readAloud(root, voice, changed) {
  const synthesis = window.speechSynthesis;
  if (synthesis.speaking) return stop();
  for (const part of parts(root)) {
    const said = new SpeechSynthesisUtterance(part);
    said.voice = voice;
    said.lang = voice.lang;
    said.onend = () => synthesis.pending || changed(false);
    synthesis.speak(said);
  }
  addEventListener("pagehide", stop, { once: true });
  changed(true);

  function stop() {
    synthesis.cancel();
    changed(false);
  }
}

/** The texts of a part of the page, in its order, as a screen reader would come to them. */
export function parts(root) {
  const texts = [];
  for (const block of root.querySelectorAll(BLOCKS)) {
    if (block.closest(SKIPPED) || block.parentElement.closest(BLOCKS)) continue;
    const copy = block.cloneNode(true);
    copy.querySelectorAll(SKIPPED).forEach((it) => it.remove());
    copy.querySelectorAll("abbr[title]").forEach((it) => it.replaceWith(it.title));
    const text = copy.textContent.replace(/\s+/g, " ").trim();
    if (text) texts.push(text);
  }
  return texts;
}
