// A photo is made small on the device before it travels: a phone's picture of 6 MB becomes 300 KB.
// Without this script, or where it fails, the picture goes as it is and the server makes it small.
const LONGEST = 1600;

async function small(file) {
  const picture = await createImageBitmap(file);
  const factor = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * factor);
  canvas.height = Math.round(picture.height * factor);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  return made && made.size < file.size ? new File([made], "photo.jpg", { type: "image/jpeg" }) : file;
}

for (const field of document.querySelectorAll("input[type=file][data-shrink]")) {
  field.addEventListener("change", async () => {
    if (!field.files.length) return;
    try {
      const chosen = new DataTransfer();
      chosen.items.add(await small(field.files[0]));
      field.files = chosen.files;
    } catch { /* it goes as it is */ }
  });
}
