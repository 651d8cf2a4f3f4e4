// Bundles the scripts and styles of the pages into app/static/dist, one file per name in `pages`.
import { build } from "esbuild";
import { rm } from "node:fs/promises";

const dist = "app/static/dist";
const pages = ["site.css", "docs.css", "docs.js", "favicon.svg"];

await rm(dist, { recursive: true, force: true });
await build({
  entryPoints: pages.map((name) => `app/web/assets/${name}`),
  outdir: dist,
  bundle: true,
  loader: { ".svg": "copy" },
  minify: true,
  legalComments: "linked",
  target: ["chrome109", "firefox115", "safari15"],
  logLevel: "warning",
});
