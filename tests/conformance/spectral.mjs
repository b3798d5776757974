// Judges an OpenAPI description by Spectral's rules for OpenAPI. Used by test_spectral.py.
// Reads the description as JSON; writes one line a finding: severity, rule, place, message. Ends with 1 when there is any.
import { readFileSync } from "node:fs";
import spectral from "@stoplight/spectral-core";
import rulesets from "@stoplight/spectral-rulesets";

const judge = new spectral.Spectral();
judge.setRuleset({ extends: [rulesets.oas] });
const found = await judge.run(JSON.parse(readFileSync(0, "utf8")));
for (const { severity, code, path, message } of found) {
  console.log(`${["error", "warning", "information", "hint"][severity]} ${code} ${path.join(".")}: ${message}`);
}
process.exitCode = found.length ? 1 : 0;
