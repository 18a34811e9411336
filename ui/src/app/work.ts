import { onScopeDispose, ref } from "vue";
import { call } from "@/api/client";

/** Between two looks at how far a long work has come. */
const LOOK_MS = 400;
/** Between two tries to stop a work that has only just begun. */
const AGAIN_MS = 100;

/** A long command while it runs: how far it has come, and a way to stop it. */
export function useWork() {
  const working = ref(false);
  const stopping = ref(false);
  /** `重新结算 512/2,400`, once something is known. */
  const told = ref("");
  let timer: ReturnType<typeof setInterval> | undefined;

  async function look(): Promise<void> {
    const now = await call("work_get", {}).catch(() => null);
    if (working.value && now?.running) told.value = `${now.label} ${now.done}/${now.total}`;
  }
  function over(): void {
    clearInterval(timer);
    working.value = false;
    stopping.value = false;
    told.value = "";
  }
  /** Runs a command; one at a time. */
  async function run(body: () => Promise<unknown>): Promise<void> {
    if (working.value) return;
    working.value = true;
    timer = setInterval(() => void look(), LOOK_MS);
    try {
      await body();
    } finally {
      over();
    }
  }
  async function stop(): Promise<void> {
    if (!working.value || stopping.value) return;
    stopping.value = true;
    // What has not told how far it has come yet cannot be stopped: it is asked again until it does or is over.
    while (stopping.value) {
      const now = await call("work_stop", {}).catch(() => null);
      if (now?.running !== false) return;
      await new Promise((again) => setTimeout(again, AGAIN_MS));
    }
  }
  onScopeDispose(() => clearInterval(timer));
  return { working, stopping, told, run, stop };
}
