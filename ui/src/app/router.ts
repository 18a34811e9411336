import { createRouter, createWebHashHistory } from "vue-router";

/** Every page by its place; each comes with its own part of the program. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/", redirect: "/desk" },
    { path: "/desk", component: () => import("@/features/desk/DeskPage.vue") },
    { path: "/worklists/:list", component: () => import("@/features/desk/WorklistPage.vue"), props: true },
    { path: "/households", component: () => import("@/features/households/HouseholdListPage.vue") },
    { path: "/households/:id", component: () => import("@/features/households/HouseholdPage.vue"), props: true },
    { path: "/imports/:kind?", component: () => import("@/features/imports/ImportPage.vue"), props: true },
    { path: "/treatment", component: () => import("@/features/medical/SectionPage.vue"), props: { sectionKey: "treatment" } },
    { path: "/visits", component: () => import("@/features/medical/SectionPage.vue"), props: { sectionKey: "visits" } },
    { path: "/visits/tables/:table?", component: () => import("@/features/tally/TallyPage.vue"), props: (route) => ({ sectionKey: "visits", table: String(route.params.table ?? "") }) },
    { path: "/treatment/tables/:table?", component: () => import("@/features/tally/TallyPage.vue"), props: (route) => ({ sectionKey: "treatment", table: String(route.params.table ?? "") }) },
    { path: "/treatment/exams", component: () => import("@/features/visits/ExamPage.vue") },
    { path: "/visits/away", component: () => import("@/features/contracts/AwayPage.vue") },
    { path: "/visits/renew", component: () => import("@/features/contracts/RenewalPage.vue") },
    { path: "/visits/week", component: () => import("@/features/visits/WeekPage.vue") },
    { path: "/visits/sheet", component: () => import("@/features/visits/SheetPage.vue") },
    { path: "/money", component: () => import("@/features/money/BillListPage.vue") },
    { path: "/money/:id", component: () => import("@/features/money/BillPage.vue"), props: true },
    { path: "/cards", component: () => import("@/features/cards/CardsPage.vue") },
    { path: "/compare", component: () => import("@/features/compare/ComparePage.vue") },
    { path: "/quality", component: () => import("@/features/quality/QualityPage.vue") },
    { path: "/reports", component: () => import("@/features/reports/ReportsPage.vue") },
    { path: "/exchange", component: () => import("@/features/exchange/ExchangePage.vue") },
    { path: "/system", component: () => import("@/features/system/SystemPage.vue") },
    { path: "/:rest(.*)*", redirect: "/desk" },
  ],
});
