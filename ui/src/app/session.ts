import { computed, shallowRef } from "vue";
import { call } from "@/api/client";
import type { OfficeView, OperatorView, SessionView, SetupStatus } from "@/api/gen/types";

/** In which state this PC's data is, and who is logged in. */
export const status = shallowRef<SetupStatus | null>(null);
export const session = shallowRef<SessionView | null>(null);

export const office = computed<OfficeView | null>(() => session.value?.office ?? status.value?.office ?? null);
export const operator = computed<OperatorView | null>(() => session.value?.operator ?? null);
/** Auditors read everything and write nothing. */
export const canWrite = computed(() => operator.value !== null && operator.value.role.code !== "auditor");
export const isCounty = computed(() => office.value?.kind === "county");

/** Reads the state again, and the session when there is one. */
export async function refreshSession(): Promise<void> {
  const now = await call("setup_status", {});
  session.value = now.state === "open" ? await call("session_get", {}) : null;
  status.value = now;
}

/** Shows the login. The database is closed until somebody logs in. */
export async function lock(): Promise<void> {
  await call("session_lock", {});
  await refreshSession();
}
