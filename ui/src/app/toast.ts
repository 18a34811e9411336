import { reactive } from "vue";
import { asCommandError } from "@/api/error";

/** One message over the page. */
export interface Toast {
  id: number;
  tone: "done" | "missing";
  text: string;
  detail: string;
}

/** What stands on screen now. */
export const toasts = reactive<Toast[]>([]);
let next = 1;

function show(tone: Toast["tone"], text: string, detail: string, seconds: number): void {
  const id = next++;
  toasts.push({ id, tone, text, detail });
  while (toasts.length > 3) toasts.shift();
  setTimeout(() => dismiss(id), seconds * 1000);
}

/** Takes a message away. */
export function dismiss(id: number): void {
  const place = toasts.findIndex((toast) => toast.id === id);
  if (place >= 0) toasts.splice(place, 1);
}

/** Says that something worked, and what is to be known about it. */
export function say(text: string, detail = ""): void {
  show("done", text, detail, detail ? 12 : 4);
}

/** Says why something did not work. An incident number is shown so that it can be read out on the telephone. */
export function complain(cause: unknown): void {
  const error = asCommandError(cause);
  const incident = error.incident ? `事件编号 ${error.incident}` : "";
  show("missing", error.message, [...error.fields.map((field) => field.message), incident].filter(Boolean).join(" · "), 12);
}

/** Runs a change and complains when it is refused; answers whether it worked. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (cause) {
    complain(cause);
    return false;
  }
}
