// Passkeys: the one thing of sign-in that a browser can do only with script. A form with data-passkey asks
// the authenticator when it is sent, puts the answer into hidden fields, and is then sent as any form.
// Whatever goes wrong sends nothing: the page's other ways stay.

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function put(form: HTMLFormElement, name: string, value: string): void {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = value;
  form.append(field);
}

async function created(form: HTMLFormElement): Promise<void> {
  const { challenge = "", rp = "", user = "", name = "" } = form.dataset;
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: bytes(challenge),
      rp: { id: rp, name: rp },
      user: { id: new TextEncoder().encode(user.slice(0, 64)), name, displayName: name },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      attestation: "none",
    },
  })) as PublicKeyCredential;
  const answer = made.response as AuthenticatorAttestationResponse;
  put(form, "client_data", text(answer.clientDataJSON));
  put(form, "authenticator_data", text(answer.getAuthenticatorData()));
}

async function got(form: HTMLFormElement): Promise<void> {
  const { challenge = "", rp = "", credentials = "" } = form.dataset;
  const shown = (await navigator.credentials.get({
    publicKey: {
      challenge: bytes(challenge),
      rpId: rp,
      allowCredentials: credentials.split(" ").map((id) => ({ type: "public-key", id: bytes(id) })),
      userVerification: "required",
    },
  })) as PublicKeyCredential;
  const answer = shown.response as AuthenticatorAssertionResponse;
  put(form, "credential", text(shown.rawId));
  put(form, "client_data", text(answer.clientDataJSON));
  put(form, "authenticator_data", text(answer.authenticatorData));
  put(form, "signature", text(answer.signature));
}

export function passkeys(): void {
  if (!("PublicKeyCredential" in window)) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const asked = form.dataset["passkey"] === "create" ? created(form) : got(form);
      asked.then(
        () => form.submit(),
        () => form.querySelector("button")?.focus(),
      );
    });
  }
}
