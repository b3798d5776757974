import { aloudButton } from "./aloud-button.js";
import { askedOnly } from "./asked.js";
import { keepDrafts } from "./drafts.js";
import { focusErrors } from "./errors.js";
import { offlineBar } from "./offline.js";
import { sendOnce } from "./send-once.js";
import { showScreen } from "./showing.js";
import { suggestions } from "./suggest.js";
import { liveValues } from "./values.js";

offlineBar();
sendOnce();
keepDrafts();
askedOnly();
focusErrors();
suggestions();
liveValues();
showScreen();
aloudButton();
