// Keyboard: `/` to the search box, `g` and a letter to a section, arrows inside a grid.
//
// Off while typing, and off altogether when the page says data-keys="off" (the switch that
// WCAG 2.1.4 asks for is on the help page).

const SECOND_KEY_MS = 1500;

/** Listens for the shortcuts that the page offers: elements with data-key="g c" and the like. */
export function keys(): void {
  let first = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (step(event)) return;
    if (document.body.dataset["keys"] === "off") return;
    const second = first > 0 && event.timeStamp - first < SECOND_KEY_MS;
    first = event.key === "g" && !second ? event.timeStamp : 0;
    const wanted = second ? `g ${event.key}` : event.key;
    const target = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(wanted).replaceAll("\\ ", " ")}"]`);
    if (!target) return;
    event.preventDefault();
    if (target instanceof HTMLInputElement) target.focus();
    else target.click();
  });
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, select, textarea, [contenteditable]");
}

const STEPS: Record<string, readonly [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** Moves between the links of a grid (data-grid); empty cells are passed over. */
function step(event: KeyboardEvent): boolean {
  const move = STEPS[event.key];
  const cell = (event.target as Element | null)?.closest<HTMLTableCellElement>("[data-grid] td, [data-grid] th");
  const table = cell?.closest("table");
  if (!move || !cell || !table) return false;
  let row = (cell.parentElement as HTMLTableRowElement).rowIndex;
  let column = cell.cellIndex;
  for (;;) {
    row += move[0];
    column += move[1];
    const next = table.rows[row]?.cells[column];
    if (!next) return false;
    const link = next.querySelector<HTMLElement>("a[href], button");
    if (link) {
      event.preventDefault();
      link.focus();
      return true;
    }
  }
}
