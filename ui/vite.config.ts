import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [vue()],
  base: "./",
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    // WebView2 109 is the last for Windows 7; Safari 15 stands for the WebKitGTK of older domestic systems.
    target: ["chrome109", "safari15"],
    cssTarget: ["chrome109", "safari15"],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
  },
  test: { environment: "happy-dom" },
});
