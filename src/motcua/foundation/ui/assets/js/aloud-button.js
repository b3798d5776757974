// The button that reads a page aloud: <button class="aloud" data-aloud="MODULE" data-stop="WORDS" hidden>. It shows only where the
// browser has a voice for the page's language; the reader itself is loaded by the first press.
export function aloudButton(root = document) {
  const button = root.querySelector("[data-aloud]");
  const synthesis = window.speechSynthesis;
  if (!button || !synthesis) return;
  const language = document.documentElement.lang;
  const voice = () => synthesis.getVoices().find((it) => it.lang.toLowerCase().startsWith(language));
  const offer = () => (button.hidden = !voice());
  offer();
  synthesis.addEventListener?.("voiceschanged", offer);
  const words = button.textContent;
  button.addEventListener("click", async () => {
    const { readAloud } = await import(button.dataset.aloud);
    readAloud(root.querySelector("main"), voice(), (isReading) => {
      button.textContent = isReading ? button.dataset.stop : words;
      button.setAttribute("aria-pressed", String(isReading));
    });
  });
}
