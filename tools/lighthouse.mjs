// Judges pages with Lighthouse, in a Chromium that listens already. Used by tools/nightly.py.
// Reads {port, runs: [{url, form, cookie, categories}]} as JSON; writes one line a run: {scores} and {lost} (what cost
// points, with the elements), or {error}.
import { readFileSync } from "node:fs";
import lighthouse, { desktopConfig } from "lighthouse";

const { port, runs } = JSON.parse(readFileSync(0, "utf8"));

for (const run of runs) {
  const flags = {
    port,
    output: [],
    logLevel: "silent",
    onlyCategories: run.categories,
    // Nothing here depends on the network's speed: simulated slowness would only take time.
    throttlingMethod: "provided",
    disableFullPageScreenshot: true,
    disableStorageReset: true,
    extraHeaders: { Cookie: run.cookie },
  };
  console.log(JSON.stringify(await judge(run, flags)));
}

async function judge(run, flags) {
  try {
    const { lhr } = await lighthouse(run.url, flags, run.form === "desktop" ? desktopConfig : undefined);
    if (lhr.runtimeError) return { error: lhr.runtimeError.message };
    if (lhr.finalDisplayedUrl !== run.url) return { error: `led to ${lhr.finalDisplayedUrl}` };
    const categories = Object.values(lhr.categories);
    return {
      scores: Object.fromEntries(categories.map(({ id, score }) => [id, Math.round((score ?? 0) * 100)])),
      lost: categories.flatMap(({ auditRefs }) => auditRefs.flatMap(({ id, weight }) => lost(lhr.audits[id], weight))),
    };
  } catch (error) {
    return { error: String(error) };
  }
}

function lost(audit, weight) {
  if (!weight || audit.score === null || audit.score === 1) return [];
  const items = (audit.details?.items ?? []).slice(0, 3);
  const where = items.map((item) => item.node?.snippet ?? item.description ?? item.source ?? JSON.stringify(item));
  return [`${audit.id}: ${audit.title}${where.length ? ` (${where.join(" | ").slice(0, 300)})` : ""}`];
}
