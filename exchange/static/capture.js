// What is written down in a room waits on this telephone until the server has taken it. Each note has
// a key of its own: sent again after a line that dropped, it is there once. Without this script the
// form is a form like any other.
const form = document.querySelector("form[data-capture]");
const LINE = `line:${form.dataset.capture}`, DRAFT = `draft:${form.dataset.capture}`;
const words = JSON.parse(form.dataset.words), told = document.getElementById("told");
const WAIT = 15000, AGAIN = 5000;
let taken = 0, busy = false, timer = null;

const read = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
const write = (name, value) => { try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* full: the page still holds it */ } };
let line = read(LINE) ?? [];
const key = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const fields = () => ({ kind: form.elements.kind.value, text: form.elements.text.value, session_id: form.elements.session_id.value });
function fill({ kind, text, session_id }) {
  form.elements.kind.value = kind;
  form.elements.text.value = text;
  if (session_id) form.elements.session_id.value = session_id;
}

function tell(text) {
  const parts = [];
  if (text) parts.push(text);
  if (taken) parts.push(words.taken.replace("{n}", taken));
  if (line.length) parts.push(words.waiting.replace("{n}", line.length));
  told.textContent = parts.join(" · ");
  told.hidden = !parts.length;
}

async function post(note) {
  const body = new URLSearchParams({ ...note, csrf_token: form.elements.csrf_token.value });
  const headers = { Accept: "application/json" };
  return fetch(form.action, { method: "POST", body, headers, signal: AbortSignal.timeout(WAIT) });
}

// One after the other, oldest first. Whatever goes wrong, a note leaves the line only when the
// server says that it has it, or that it never will.
async function send() {
  if (busy || !line.length) return tell();
  busy = true;
  clearTimeout(timer);
  try {
    while (line.length) {
      const note = line[0], answer = await post(note);
      if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
      const wrong = answer.ok ? {} : (await answer.json()).wrong;
      line = (read(LINE) ?? line).filter((one) => one.key !== note.key);
      write(LINE, line);
      if (answer.ok) { taken += 1; tell(); }
      else { fill(note); tell(`${words.refused} ${Object.values(wrong).join(" ")}`); break; }
    }
  } catch {
    timer = setTimeout(send, AGAIN);
    tell();
  }
  busy = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const note = fields();
  if (!note.kind || !note.text.trim()) return tell(words.empty);
  line = [...(read(LINE) ?? line), { key: key(), ...note }];
  write(LINE, line);
  form.elements.text.value = "";
  localStorage.removeItem(DRAFT);
  form.elements.text.focus();
  tell();
  send();
});
form.addEventListener("input", () => write(DRAFT, fields()));
addEventListener("online", send);
addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
const draft = read(DRAFT);
if (draft?.text) fill(draft);
send();
