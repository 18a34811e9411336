import "./styles/tokens.css";
import "./styles/base.css";
import { createApp } from "vue";
import App from "./app/App.vue";
import { applyScale } from "./app/display";
import { router } from "./app/router";

applyScale();
createApp(App).use(router).mount("#app");
