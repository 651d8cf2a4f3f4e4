// Bundles the scripts and styles of the pages into app/static/dist, one file per name in `entries`.
import { build } from "esbuild";
import { readFile, rm, writeFile } from "node:fs/promises";
import { PurgeCSS } from "purgecss";

const dist = "app/static/dist";
const entries = ["site.css", "docs.css", "docs.js", "favicon.svg"];

await rm(dist, { recursive: true, force: true });
await build({
  entryPoints: entries.map((name) => `app/web/assets/${name}`),
  outdir: dist,
  bundle: true,
  loader: { ".svg": "copy" },
  minify: true,
  legalComments: "linked",
  target: ["chrome109", "firefox115", "safari15"],
  logLevel: "warning",
});

// Tabler is twenty times what our pages use: a rule stays only if a template or script names its classes.
const site = `${dist}/site.css`;
const [used] = await new PurgeCSS().purge({
  content: ["app/web/templates/**/*.html", "app/web/assets/*.js"],
  css: [{ raw: await readFile(site, "utf8") }],
  variables: true,
  keyframes: true,
  fontFace: true,
});
await writeFile(site, used.css);
