// Warns before the session ends on the server (WCAG 2.2.1). Tabs of one browser share a session: a click in one counts for all.
const ACTIVE = "hub-active";

export function startTimeout(dialog) {
  if (!dialog) return;
  const idle = Number(dialog.dataset.idleSeconds) * 1000;
  const warning = Number(dialog.dataset.warningSeconds) * 1000;
  const left = dialog.querySelector("[data-left]");
  const stay = dialog.querySelector("[data-stay]");
  let timer, ticker;

  const leave = () => window.location.assign(dialog.dataset.signOutUrl);
  const arm = () => {
    clearInterval(ticker);
    clearTimeout(timer);
    timer = setTimeout(warn, Math.max(0, idle - warning));
  };
  const active = () => {
    try { localStorage.setItem(ACTIVE, String(Date.now())); } catch { /* private window: this tab counts for itself */ }
    arm();
  };

  function warn() {
    const end = Date.now() + warning;
    const show = () => {
      const seconds = Math.max(0, Math.round((end - Date.now()) / 1000));
      left.textContent = seconds > 60 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;
      if (seconds === 0) { clearInterval(ticker); leave(); }
    };
    dialog.showModal();
    stay.focus();
    show();
    ticker = setInterval(show, 1000);
  }

  window.addEventListener("storage", (event) => {
    if (event.key !== ACTIVE) return;
    if (dialog.open) dialog.close();
    arm();
  });
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); stay.click(); });
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    clearInterval(ticker);
    const answer = await fetch(dialog.dataset.keepAliveUrl, {
      method: "POST", credentials: "same-origin", body: new FormData(event.target), redirect: "manual",
    }).catch(() => null);
    if (!answer || !answer.ok) { leave(); return; }
    dialog.close();
    active();
  });
  active();
}
