import { askedOnly } from "./asked.js";
import { focusErrors } from "./errors.js";
import { keepForms } from "./kept.js";
import { offlineBar } from "./offline.js";
import { poll, printButton } from "./poll.js";
import { sendOnce } from "./send-once.js";
import { suggestions } from "./suggest.js";
import { liveValues } from "./values.js";

offlineBar();
sendOnce();
keepForms();
askedOnly();
focusErrors();
suggestions();
liveValues();
poll();
printButton();
