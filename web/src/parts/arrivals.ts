// What comes later from other communities: the page learns that there is something new, fetches
// itself again, and puts what changed in the place of what was there. Focus stays where it is, and
// nothing moves that did not change. Without script the page says how to refresh it.

// The server holds its answer back until there is something new; where it cannot, the page asks
// slower and slower.
const FIRST_MS = 300;
const LONGEST_MS = 4000;
const HELD_MS = 1000;
// The first answers are shown as they come; where many come, the page is fetched no more often than it
// can be read, and never takes more than half of the time.
const PROMPT = 8;
const SELDOM_MS = 500;
let refreshed = 0;

/** Says to the server that pages need not wait: what comes later is fetched. */
export function announce(): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `tasuki-script=1; Path=/; SameSite=Lax${secure}`;
}

/** Follows what is still awaited until nothing more may come. */
export function arrivals(): void {
  announce();
  void follow(FIRST_MS);
}

async function follow(pause: number): Promise<void> {
  const strip = document.querySelector<HTMLElement>("[data-arrival]");
  const address = strip?.dataset["arrival"];
  const seen = strip?.dataset["revision"];
  if (!strip || !address || seen === undefined) return;
  const asked = performance.now();
  try {
    const answer = await fetch(`${address}?seen=${seen}`, { credentials: "same-origin" });
    // Too many wait: tried again later. Anything else is told by the page itself when it is loaded.
    if (answer.status !== 503 && (!answer.ok || answer.redirected)) return;
    const [revision, more] = answer.ok ? (await answer.text()).trim().split(" ") : [seen, "more"];
    if (revision !== seen || more !== "more") {
      const began = performance.now();
      await refresh();
      const took = performance.now() - began;
      refreshed += 1;
      const rest = refreshed > PROMPT ? Math.max(took, SELDOM_MS) : took;
      await new Promise((done) => setTimeout(done, Math.min(rest, LONGEST_MS)));
      return void follow(FIRST_MS);
    }
  } catch {
    // No connection: tried again, more slowly.
  }
  const held = performance.now() - asked >= HELD_MS;
  await new Promise((done) => setTimeout(done, held ? 0 : pause));
  void follow(held ? FIRST_MS : Math.min(pause * 1.5, LONGEST_MS));
}

async function refresh(): Promise<void> {
  const headers = { "Tasuki-Part": "live" };
  const answer = await fetch(location.href, { headers, credentials: "same-origin" });
  const strip = document.getElementById("freshness");
  if (!answer.ok || answer.redirected) {
    // Signed out, or withdrawn meanwhile: the page itself says so when it is loaded.
    strip?.removeAttribute("data-arrival");
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const fresh of page.querySelectorAll<HTMLElement>("[data-live]")) {
    const shown = document.getElementById(fresh.id);
    if (shown) replace(shown, fresh);
  }
}

function replace(shown: HTMLElement, fresh: HTMLElement): void {
  for (const name of ["data-arrival", "data-revision"]) {
    const value = fresh.getAttribute(name);
    if (value === null) shown.removeAttribute(name);
    else shown.setAttribute(name, value);
  }
  if (shown.innerHTML === fresh.innerHTML) return;
  const focused = shown.contains(document.activeElement) ? address(document.activeElement) : null;
  // The element that is announced stays where it is; only its words change.
  const said = shown.querySelector<HTMLElement>(":scope > [role=status]");
  const words = fresh.querySelector<HTMLElement>(":scope > [role=status]");
  if (said && words) {
    if (said.textContent !== words.textContent) said.textContent = words.textContent;
    words.remove();
  }
  for (const child of Array.from(shown.childNodes)) if (child !== said) child.remove();
  // A copy of the list first: it shrinks while its nodes are moved.
  shown.append(...Array.from(fresh.childNodes));
  if (focused) {
    const links = shown.querySelectorAll<HTMLElement>("a, summary, button");
    Array.from(links).find((link) => address(link) === focused)?.focus({ preventScroll: true });
  }
}

function address(element: Element | null): string | null {
  return element?.getAttribute("href") ?? element?.textContent ?? null;
}
