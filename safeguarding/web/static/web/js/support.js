// Blocking on purpose: stands in for the inline script of the page template, which the strict CSP refuses.
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
