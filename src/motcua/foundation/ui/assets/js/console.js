import { keepDrafts } from "./drafts.js";
import { focusErrors } from "./errors.js";
import { deskKeys } from "./keys.js";
import { offlineBar } from "./offline.js";
import { dossierPager } from "./pager.js";
import { showCurrentStep } from "./picture.js";
import { refresh } from "./refresh.js";
import { sendOnce } from "./send-once.js";
import { seeScreen } from "./showing.js";

offlineBar();
sendOnce();
keepDrafts();
focusErrors();
dossierPager();
deskKeys();
showCurrentStep();
refresh();
seeScreen();
