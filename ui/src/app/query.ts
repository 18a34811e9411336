import { onScopeDispose, ref, type Ref, shallowRef, watch } from "vue";
import { type Answer, call, type CommandName, onStale, type Request, tagsOf } from "@/api/client";
import { asCommandError, type CommandError } from "@/api/error";

/** Server state of one command, read again whenever its request or one of its tags changes. */
export interface Query<T> {
  data: Readonly<Ref<T | null>>;
  error: Readonly<Ref<CommandError | null>>;
  loading: Readonly<Ref<boolean>>;
  refetch: () => Promise<void>;
}

/** Reads a query again every so many seconds while somebody can see the page. */
export function useRepeated(query: Pick<Query<unknown>, "refetch">, seconds: number): void {
  const timer = setInterval(() => {
    if (document.visibilityState === "visible") void query.refetch();
  }, seconds * 1000);
  onScopeDispose(() => clearInterval(timer));
}

/** Reads a command. A request of `null` reads nothing yet. The last answer stays on screen while a newer one comes. */
export function useQuery<K extends CommandName>(name: K, request: () => Request<K> | null): Query<Answer<K>> {
  const data = shallowRef<Answer<K> | null>(null);
  const error = shallowRef<CommandError | null>(null);
  const loading = ref(false);
  let turn = 0;

  async function refetch(): Promise<void> {
    const wanted = request();
    const mine = ++turn;
    if (wanted === null) {
      data.value = null;
      loading.value = false;
      return;
    }
    loading.value = true;
    try {
      const answer = await call(name, wanted);
      if (mine !== turn) return;
      data.value = answer;
      error.value = null;
    } catch (cause) {
      if (mine === turn) error.value = asCommandError(cause);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  watch(() => JSON.stringify(request()), refetch, { immediate: true });
  const tags = tagsOf(name);
  const stop = onStale((stale) => {
    if (stale.some((tag) => tags.includes(tag))) void refetch();
  });
  onScopeDispose(() => {
    turn++;
    stop();
  });
  return { data, error, loading, refetch };
}
