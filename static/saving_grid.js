// The grid works without this. It spreads a block copied from a spreadsheet over the cells (rows that name their council
// and year go to the box that reads those), and moves up and down a column with the arrow keys.
const grid = document.querySelector("[data-grid]");
const status = document.querySelector("[data-grid-status]");
const named = /^[^\t\n]*\t\s*\d{4}[/-]\d{2}\s*(\t|$)/m; // a row that begins with a council and a financial year
const boxesOf = (row) => [...row.querySelectorAll("input[type='text']")];

function placeOf(box) {
  const rows = [...grid.querySelectorAll("[data-grid-row]")].map(boxesOf);
  const row = rows.findIndex((boxes) => boxes.includes(box));
  return { rows, row, column: row < 0 ? -1 : rows[row].indexOf(box) };
}

function spread(text, { rows, row, column }) {
  const block = text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
  let filled = 0;
  let left = 0;
  block.forEach((cells, down) =>
    cells.forEach((cell, right) => {
      const box = rows[row + down]?.[column + right];
      if (box) box.value = cell.trim();
      if (box) filled += 1;
      else left += 1;
    }),
  );
  const beyond = left ? ` ${left} did not fit into the grid.` : "";
  status.textContent = `${filled} cells filled.${beyond} Nothing is saved until you press “Save the figures”.`;
}

function keepForFilling(text) {
  const box = document.querySelector("#id_pasted");
  box.value = text;
  box.focus();
  status.textContent = "These rows name their council and year: they stand in the box below. Press “Fill the grid”.";
}

grid?.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const place = placeOf(event.target);
  if (place.column < 0 || !/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  if (named.test(text)) keepForFilling(text);
  else spread(text, place);
});

grid?.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const { rows, row, column } = placeOf(event.target);
  const next = step && column >= 0 ? rows[row + step]?.[column] : null;
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
});
