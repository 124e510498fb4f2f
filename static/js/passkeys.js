// The two halves of a passkey: what the server asks stands in the form's data-request, what the browser answers goes
// into its field. Everything else on these pages works without this script.
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const read = (credential) => ({ ...credential, id: bytes(credential.id) });

  async function ask(form) {
    const { publicKey } = JSON.parse(form.dataset.request);
    publicKey.challenge = bytes(publicKey.challenge);
    const isNew = "user" in publicKey;
    if (isNew) {
      publicKey.user.id = bytes(publicKey.user.id);
      publicKey.excludeCredentials = (publicKey.excludeCredentials || []).map(read);
    } else {
      publicKey.allowCredentials = (publicKey.allowCredentials || []).map(read);
    }
    const found = await navigator.credentials[isNew ? "create" : "get"]({ publicKey });
    const response = { clientDataJSON: text(found.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (found.response[name]) response[name] = text(found.response[name]);
    }
    return {
      id: found.id,
      rawId: text(found.rawId),
      type: found.type,
      response,
      clientExtensionResults: found.getClientExtensionResults(),
    };
  }

  for (const form of document.querySelectorAll("form[data-request]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    document.querySelectorAll(".without-passkeys").forEach((note) => (note.hidden = true));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        form.elements.answer.value = JSON.stringify(await ask(form));
        form.submit();
      } catch {
        document.getElementById("passkey-failed").hidden = false;
      }
    });
  }
})();
