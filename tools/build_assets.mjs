// Builds what the browser loads into build/static/, and the fonts of official papers into build/fonts/.
// Usage: npm run build. Fonts are cut by tools/build_fonts.py with $MOTCUA_PYTHON or .venv/bin/python.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import esbuild from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const assets = join(root, "src/motcua/foundation/ui/assets");
const modules = join(root, "node_modules");
const tokens = join(root, "build/tokens");
const out = join(root, "build/static");
const targets = ["chrome109", "firefox115", "safari16"];

function run(program, args, options = {}) {
  const done = spawnSync(program, args, { encoding: "utf8", ...options });
  if (done.status !== 0) {
    process.stderr.write(`${program} ${args.join(" ")}\n${done.stdout ?? ""}${done.stderr ?? done.error}\n`);
    process.exit(1);
  }
}

function buildTokens() {
  const cli = join(modules, "@digdir/designsystemet/dist/bin/designsystemet.js");
  mkdirSync(tokens, { recursive: true });
  cpSync(join(assets, "theme.config.json"), join(tokens, "theme.config.json"));
  const config = ["--config", "theme.config.json", "--clean"];
  run(process.execPath, [cli, "tokens", "create", ...config], { cwd: tokens });
  run(process.execPath, [cli, "tokens", "build", "-o", "css", ...config], { cwd: tokens });
  writeFileSync(join(tokens, "used.css"), usedTokens(readFileSync(join(tokens, "css/motcua.css"), "utf8")));
}

// Sizes of type are our own (assets/css/type.css) and there is one typeface, so those token blocks would be dead weight.
function usedTokens(css) {
  return css
    .replace(/@layer ds\.theme\.typography\.secondary \{[\s\S]*?\n\}\n\}\n?/, "")
    .replace(/^ *--ds-(body|heading)-(?!md-)[a-z0-9-]+: [^;]+;\n/gm, "");
}

async function buildCss() {
  await esbuild.build({
    entryPoints: ["portal.css", "console.css", "wall.css"].map((name) => join(assets, "css", name)),
    outdir: join(out, "css"),
    bundle: true,
    minify: true,
    target: targets,
    external: ["*.woff2"],
    alias: { "design-tokens": join(tokens, "used.css") },
    logLevel: "warning",
  });
}

async function buildJs() {
  await esbuild.build({
    entryPoints: ["portal.js", "console.js", "passkey.js", "aloud.js", "wall.js"].map((name) => join(assets, "js", name)),
    outdir: join(out, "js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: targets,
    logLevel: "warning",
  });
  cpSync(join(modules, "htmx.org/dist/htmx.min.js"), join(out, "js/htmx.js"));
}

function buildFonts() {
  const own = join(root, ".venv/bin/python");
  const python = process.env.MOTCUA_PYTHON || (existsSync(own) ? own : "python3");
  run(python, [join(root, "tools/build_fonts.py"), modules, join(root, "build")]);
}

function report() {
  for (const name of ["css/portal.css", "css/console.css", "js/portal.js", "js/console.js", "js/passkey.js", "js/aloud.js", "js/htmx.js", "css/wall.css", "js/wall.js"]) {
    const bytes = readFileSync(join(out, name));
    const size = (n) => `${(n / 1024).toFixed(1)} KB`;
    const packed = [brotliCompressSync(bytes), gzipSync(bytes, { level: 9 })].map((part) => size(part.length));
    console.log(`${name.padEnd(16)} ${size(bytes.length)}, brotli ${packed[0]}, gzip ${packed[1]}`);
  }
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
buildTokens();
await Promise.all([buildCss(), buildJs()]);
buildFonts();
report();
