// Asks how far an upload is, which keeps nobody signed in; without JavaScript the page reloads itself.
export function startProgress(element) {
  if (!element) return;
  const bar = element.querySelector("progress");
  const words = element.querySelector("[data-progress-words]");
  const ask = async () => {
    const answer = await fetch(element.dataset.progressUrl, {
      credentials: "same-origin", redirect: "manual", headers: { "X-Background": "1" },
    }).catch(() => null);
    // signed out meanwhile: the page itself leads to sign-in
    if (answer && answer.type === "opaqueredirect") { window.location.reload(); return; }
    if (answer && answer.ok) {
      const state = await answer.json();
      bar.max = Math.max(1, state.total);
      bar.value = state.done;
      words.textContent = state.words;
      if (state.finished) { window.location.reload(); return; }
    }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 1000);
}
