// Says in words what went wrong when a device gives no passkey; allauth's script would only tell the console.
export function startPasskey(place) {
  if (!place) return;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const refused = event.detail.exception && event.detail.exception.name === "NotAllowedError";
    place.textContent = refused
      ? "Your device was not asked, or said no. Nothing was changed. Try again, or use another way."
      : "This passkey could not be used here. Nothing was changed. Try again, or use another way.";
    place.hidden = false;
  });
}
