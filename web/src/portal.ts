// The one island that every page loads: parts of a page are swapped in place.
//
// A link or form with data-part="ID" still leads to a whole page; with script its answer is
// fetched and only the element with that ID is replaced. Nothing here is needed to read a
// chart: without script the same link opens the same page. It deliberately holds no state
// but the browser's own history.
import { arrivals } from "./parts/arrivals";
import { countdown } from "./parts/countdown";
import { forms } from "./parts/forms";
import { keys } from "./parts/keys";
import { passkeys } from "./parts/passkeys";

const PART = "Tasuki-Part";

async function swap(url: URL, id: string, request: RequestInit, remember: boolean): Promise<void> {
  const part = document.getElementById(id);
  if (!part) return leave(url);
  part.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { ...request, headers: { [PART]: id }, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(id);
    // Another page altogether (signed out, an error): show it as such.
    if (!answer.ok || answer.redirected || !fresh) return leave(url);
    part.replaceWith(document.adoptNode(fresh));
    if (remember) history.pushState({ part: id }, "", url);
    attend(fresh);
  } catch {
    // No connection: the browser's own message is plainer than ours.
    leave(url);
  }
}

function leave(url: URL): void {
  location.assign(url);
}

/** Moves focus to the heading of what is new, so that keyboard and reader follow. */
function attend(part: HTMLElement): void {
  const target = part.querySelector<HTMLElement>("[data-focus], h1, h2, h3") ?? part;
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest<HTMLAnchorElement>("a[data-part]");
  const id = link?.dataset["part"];
  if (!link || !id || link.target) return;
  event.preventDefault();
  void swap(new URL(link.href), id, {}, true);
});

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const id = form.dataset["part"];
  if (!id || form.method !== "get") return;
  event.preventDefault();
  const url = new URL(form.action);
  url.search = new URLSearchParams(new FormData(form, event.submitter) as unknown as Record<string, string>).toString();
  void swap(url, id, {}, true);
});

// Going back to a page whose part was swapped: the whole page is the honest answer.
addEventListener("popstate", () => location.reload());

forms();
keys();
arrivals();
passkeys();
countdown();
