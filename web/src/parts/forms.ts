// Small comforts of forms: a choice that shows at once, and the switch for letter keys.

const KEYS_OFF = "tasuki-keys-off";

/** Elements with data-submit send their form when they change; the button stays for no script. */
export function forms(): void {
  document.documentElement.dataset["script"] = "on";
  document.addEventListener("change", (event) => {
    const field = event.target as HTMLElement | null;
    if (field?.matches("[data-submit]")) (field as HTMLSelectElement).form?.requestSubmit();
  });
  const off = localStorage.getItem(KEYS_OFF) === "1";
  if (off) document.body.dataset["keys"] = "off";
  const box = document.querySelector<HTMLInputElement>("#keys-off");
  if (!box) return;
  box.checked = off;
  box.addEventListener("change", () => {
    localStorage.setItem(KEYS_OFF, box.checked ? "1" : "0");
    document.body.dataset["keys"] = box.checked ? "off" : "on";
  });
}
