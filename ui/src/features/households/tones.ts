import type { Tone } from "@/api/gen/types";

/** How pressing a household's status is. The word itself always stands beside it. */
export function statusTone(code: string): Tone {
  if (code === "lifted" || code === "cleared") return "done";
  if (code === "returned" || code === "sudden") return "missing";
  return "soon";
}
