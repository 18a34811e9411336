import vue from "eslint-plugin-vue";
import globals from "globals";
import ts from "typescript-eslint";
import parser from "vue-eslint-parser";

const elementPlus = { group: ["element-plus", "element-plus/*"], message: "element-plus 只在 src/components/ 里用。" };
const tauri = { group: ["@tauri-apps/*"], message: "@tauri-apps 只在 src/api/host/tauri.ts 里用。" };
const generated = { group: ["**/gen/catalogue"], message: "用 @/api/catalogue。" };
const restrict = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] });

export default [
  { ignores: ["dist/", "node_modules/", "src/api/gen/"] },
  ...ts.configs.recommended,
  ...vue.configs["flat/recommended"],
  {
    files: ["**/*.vue"],
    languageOptions: { parser, parserOptions: { parser: ts.parser, sourceType: "module" } },
  },
  {
    files: ["{src,tests}/**/*.{ts,vue}"],
    languageOptions: { globals: globals.browser },
    rules: {
      ...restrict(elementPlus, tauri, generated),
      "no-undef": "off",
      "max-lines": ["error", 400],
      eqeqeq: "error",
      "no-console": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/html-indent": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/first-attribute-linebreak": "off",
      "vue/require-default-prop": "off",
      "vue/attributes-order": "off",
    },
  },
  { files: ["src/components/**"], rules: restrict(tauri, generated) },
  { files: ["src/api/host/tauri.ts"], rules: restrict(elementPlus) },
  { files: ["src/api/catalogue.ts"], rules: restrict(elementPlus, tauri) },
];
