// Judges pages with Lighthouse, in a Chromium that listens already. Used by tools/nightly.py.
// Reads {port, runs: [{url, form, cookies: {name: value}, categories}]} as JSON; writes one line a run: {scores} and
// {lost} (what cost points, with the elements), or {error}.
import { readFileSync } from "node:fs";
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const { port, runs } = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });

for (const run of runs) {
  const flags = {
    port,
    output: [],
    logLevel: "silent",
    onlyCategories: run.categories,
    // Speed is not judged, so nothing is simulated; with any other method Lighthouse waits ten seconds a page.
    throttlingMethod: "simulate",
    disableFullPageScreenshot: true,
    disableStorageReset: true,
  };
  console.log(JSON.stringify(await judge(run, flags)));
}
await browser.disconnect();

async function judge(run, flags) {
  // A context of its own: nobody is signed in by the cookies of the page before.
  const context = await browser.createBrowserContext();
  try {
    await context.setCookie(...cookies(run));
    const page = await context.newPage();
    const { lhr } = await lighthouse(run.url, flags, run.form === "desktop" ? desktopConfig : undefined, page);
    if (lhr.runtimeError) return { error: lhr.runtimeError.message };
    if (lhr.finalDisplayedUrl !== run.url) return { error: `led to ${lhr.finalDisplayedUrl}` };
    const categories = Object.values(lhr.categories);
    return {
      scores: Object.fromEntries(categories.map(({ id, score }) => [id, Math.round((score ?? 0) * 100)])),
      lost: categories.flatMap(({ auditRefs }) => auditRefs.flatMap(({ id, weight }) => lost(lhr.audits[id], weight))),
    };
  } catch (error) {
    return { error: String(error) };
  } finally {
    await context.close();
  }
}

function cookies(run) {
  const { hostname } = new URL(run.url);
  return Object.entries(run.cookies).map(([name, value]) => ({ name, value, domain: hostname, path: "/" }));
}

function lost(audit, weight) {
  if (!weight || audit.score === null || audit.score === 1) return [];
  const items = (audit.details?.items ?? []).slice(0, 3);
  const where = items.map((item) => item.node?.snippet ?? item.description ?? item.source ?? JSON.stringify(item));
  return [`${audit.id}: ${audit.title}${where.length ? ` (${where.join(" | ").slice(0, 300)})` : ""}`];
}
