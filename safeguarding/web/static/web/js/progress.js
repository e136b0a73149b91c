// Asks how far an upload is; without JavaScript the page reloads itself.
export function startProgress(element) {
  if (!element) return;
  const bar = element.querySelector("progress");
  const words = element.querySelector("[data-progress-words]");
  const ask = async () => {
    const answer = await fetch(element.dataset.progressUrl, { credentials: "same-origin" }).catch(() => null);
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
