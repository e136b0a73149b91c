// One module, nothing inline; every page works without it.
import * as govuk from "../../govuk/govuk-frontend.min.js";
import * as moj from "../../moj/moj-frontend.min.js";
import { startTimeout } from "./timeout.js";
import { startProgress } from "./progress.js";
import { startPasskey } from "./passkey.js";
import { startKeeping } from "./keep.js";

govuk.initAll();
moj.initAll();
// not part of moj.initAll()
govuk.createAll(moj.FilterToggleButton, { startHidden: false });
startTimeout(document.getElementById("timeout-dialog"));
startPasskey(document.querySelector("[data-passkey-problem]"));
startProgress(document.querySelector("[data-progress-url]"));
startKeeping(document.querySelector("form[data-keep]"));
document.documentElement.dataset.hubReady = "1";
