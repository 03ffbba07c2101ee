// How long an emergency is still open, counted down where the page says it. Without script the page
// says hours and minutes as they were, and until when.

const SECOND = 1000;

export function countdown(): void {
  const shown = document.querySelector<HTMLElement>(".countdown[data-seconds]");
  if (!shown) return;
  const end = Date.now() + Number(shown.dataset["seconds"]) * SECOND;
  const two = (n: number): string => String(n).padStart(2, "0");
  const tell = (): void => {
    const left = Math.max(0, Math.round((end - Date.now()) / SECOND));
    shown.textContent = `${Math.floor(left / 3600)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    // What was open is no longer: the page says so itself.
    if (left === 0) location.reload();
    else setTimeout(tell, SECOND);
  };
  tell();
}
