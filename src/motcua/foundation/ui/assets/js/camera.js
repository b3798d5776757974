// The code of a card by the camera. Browsers that read codes themselves do; for the others a still picture is sent and the
// server reads it, so that no decoder has to be loaded.
export function cardCamera(root = document) {
  for (const form of root.querySelectorAll("form[data-card]")) {
    const box = form.querySelector("[data-camera]");
    if (!box || !navigator.mediaDevices?.getUserMedia) continue;
    box.hidden = false;
    box.querySelector("[data-camera-open]").addEventListener("click", () => open(form, box));
  }
}

async function open(form, box) {
  const view = box.querySelector("[data-camera-view]");
  try {
    view.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } });
  } catch {
    box.querySelector("[data-camera-refused]").hidden = false;
    return;
  }
  view.hidden = false;
  await view.play();
  const take = box.querySelector("[data-camera-take]");
  take.hidden = false;
  take.addEventListener("click", () => still(form, view), { once: true });
  const formats = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats() : [];
  if (formats.includes("qr_code")) read(form, view, new BarcodeDetector({ formats: ["qr_code"] }));
}

async function read(form, view, detector) {
  while (view.srcObject) {
    const found = await detector.detect(view).catch(() => []);
    const card = found.find((code) => code.rawValue.includes("|"));
    if (card) {
      stop(view);
      form.elements.who.value = card.rawValue;
      return form.requestSubmit();
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

function still(form, view) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [view.videoWidth, view.videoHeight];
  canvas.getContext("2d").drawImage(view, 0, 0);
  stop(view);
  canvas.toBlob((blob) => {
    const files = new DataTransfer();
    files.items.add(new File([blob], "card.jpg", { type: "image/jpeg" }));
    form.elements.photo.files = files.files;
    form.requestSubmit();
  }, "image/jpeg", 0.92);
}

function stop(view) {
  for (const track of view.srcObject?.getTracks() ?? []) track.stop();
  view.srcObject = null;
}
