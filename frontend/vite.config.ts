// Three files from the same components: the card and the panel that the integration ships, and the service's own page.
import { defineConfig } from "vitest/config";

import { face } from "./bundle/face";
import { licences } from "./bundle/licences";

// Node's types are needed for nothing else.
declare const process: { env: Record<string, string | undefined> };

const OUTPUTS = {
  card: { entry: "src/card/index.ts", outDir: "../custom_components/yulelight/frontend", file: "yulelight-card.js" },
  panel: { entry: "src/panel/index.ts", outDir: "../custom_components/yulelight/frontend", file: "yulelight-panel.js" },
  page: { entry: "src/page/index.ts", outDir: "../service/yulelight/api/page", file: "app.js" },
};

export default defineConfig(({ mode }) => {
  const { entry, outDir, file } = mode === "page" ? OUTPUTS.page : mode === "panel" ? OUTPUTS.panel : OUTPUTS.card;
  return {
    plugins: [face(), licences()],
    build: {
      outDir: process.env["YULELIGHT_BUILD"] ?? outDir,
      emptyOutDir: false,
      target: "es2022",
      minify: "terser",
      terserOptions: { format: { comments: false }, compress: { passes: 2 } },
      lib: { entry, formats: ["es"], fileName: () => file },
      rollupOptions: { output: { codeSplitting: false } },
      reportCompressedSize: true,
    },
    test: { include: ["test/**/*.test.ts"], environment: "node" },
  };
});
