import { focusErrors } from "./errors.js";
import { deskKeys } from "./keys.js";
import { keepForms } from "./kept.js";
import { offlineBar } from "./offline.js";
import { dossierPager } from "./pager.js";
import { showCurrentStep } from "./picture.js";
import { refresh } from "./refresh.js";
import { sendOnce } from "./send-once.js";

offlineBar();
sendOnce();
keepForms();
focusErrors();
dossierPager();
deskKeys();
showCurrentStep();
refresh();
