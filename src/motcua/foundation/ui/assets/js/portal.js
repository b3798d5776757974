import { keepDrafts } from "./drafts.js";
import { focusErrors } from "./errors.js";
import { offlineBar } from "./offline.js";
import { sendOnce } from "./send-once.js";
import { suggestions } from "./suggest.js";

offlineBar();
sendOnce();
keepDrafts();
focusErrors();
suggestions();
