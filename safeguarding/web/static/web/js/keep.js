// Keeps what is typed on a page of a long form, without leaving it; with JavaScript off the buttons do the same.
export function startKeeping(form) {
  if (!form) return;
  const words = form.querySelector("[data-keep-words]");
  let waiting = null;
  const keep = async () => {
    const body = new FormData(form);
    body.set("action", "keep");
    const answer = await fetch(window.location.pathname, {
      method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { "X-Background": "1" },
    }).catch(() => null);
    words.textContent = answer && answer.status === 204
      ? `Saved at ${new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`
      : "Not saved yet. Use the buttons to save.";
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 3000); });
  form.addEventListener("submit", () => clearTimeout(waiting));
}
