// A card dropped on another column asks to be moved there. The server decides: it moves the card when
// nothing is missing and nothing has to be said, else it shows the page to move it. "Move…" on each
// card does the same by keyboard, finger and without this file.
const form = document.getElementById("drop");
let card = null;

const columnOf = (event) => event.target.closest?.("section[data-phase]");
const elsewhere = (column) => card && column && !column.contains(card);

document.addEventListener("dragstart", (event) => {
  card = event.target.closest?.(".card[data-id]");
  if (!card) return;
  event.dataTransfer.setData("text/plain", card.dataset.id);
  event.dataTransfer.effectAllowed = "move";
  card.classList.add("dragged");
});
document.addEventListener("dragover", (event) => {
  const column = columnOf(event);
  for (const one of document.querySelectorAll(".over")) if (one !== column) one.classList.remove("over");
  if (!elsewhere(column)) return;
  event.preventDefault();
  column.classList.add("over");
});
document.addEventListener("dragend", () => {
  card?.classList.remove("dragged");
  card = null;
  for (const one of document.querySelectorAll(".over")) one.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  const column = columnOf(event);
  if (!elsewhere(column)) return;
  event.preventDefault();
  form.action = `/exchanges/${card.dataset.id}/drop`;
  form.elements.phase.value = column.dataset.phase;
  form.elements.expected_state.value = card.dataset.state;
  form.submit();
});
