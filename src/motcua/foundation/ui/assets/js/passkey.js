// A passkey is made or used: reads the options the page carries, asks the browser, sends the answer with the form.
// Source: W3C Web Authentication, level 2. Only the encoding of bytes is ours: JSON has none.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const descriptors = (list) => list?.map((item) => ({ ...item, id: bytes(item.id) }));

function readOptions(publicKey) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) options.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  if (publicKey.excludeCredentials) options.excludeCredentials = descriptors(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) options.allowCredentials = descriptors(publicKey.allowCredentials);
  return { publicKey: options };
}

function writeAnswer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const start = form.querySelector("[data-passkey-start]");
  const problem = form.querySelector("[data-passkey-problem]");
  const data = JSON.parse(document.getElementById("passkey-options").textContent);
  const { publicKey } = data.creation_options ?? data.request_options;
  if (!window.PublicKeyCredential) continue;
  start.hidden = false;
  start.addEventListener("click", async () => {
    problem.hidden = true;
    try {
      const credential = await navigator.credentials[form.dataset.passkey](readOptions(publicKey));
      form.elements.namedItem("credential").value = writeAnswer(credential);
      form.requestSubmit();
    } catch {
      problem.hidden = false;
    }
  });
}
