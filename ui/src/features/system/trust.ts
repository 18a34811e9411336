import type { PcRow, RootPending } from "@/api/gen/types";

/** Who still has to sign a change of the county's root, in the clerk's words. */
export function missingSignatures(pending: RootPending): string {
  const lacking = (rows: { signed: boolean }[], needed: number) => Math.max(0, needed - rows.filter((one) => one.signed).length);
  const old = lacking(pending.old, pending.old_needed);
  const now = lacking(pending.new, pending.new_needed);
  if (pending.change === "operations") return old ? `还差 ${old} 位保管人签字` : "签字已够";
  const parts = [old && `现在的保管人还差 ${old} 位`, now && `新的保管人还差 ${now} 位`].filter(Boolean);
  return parts.length ? parts.join("，") : "签字已够";
}

/** How many of so many holders should have to sign: one may be lost or away, and nobody can act alone. */
export const advisedThreshold = (holders: number): number => (holders < 2 ? 1 : Math.floor(holders / 2) + 1);

/** What is known to be lost with a PC, before it is retired. */
export function knownMissing(pc: PcRow): string {
  if (pc.last_contact === null) return "这台电脑还没有给县里交过数据，它里面写的内容县里一条都没有。";
  const lacking = pc.missing > 0 ? `已知还缺 ${pc.missing} 条；` : "";
  return `县里已收到 ${pc.confirmed} 条（上次联系 ${pc.last_contact}）；${lacking}上次联系以后写的，县里不知道有多少。`;
}

/** Whether the name of a PC has to be typed to retire it: it is gone, or what is known to be missing of it would be. */
export const namesIt = (pc: PcRow, stolen: boolean): boolean => stolen || pc.missing > 0;

/** Whether everything is said that retiring a PC asks for. */
export const retirable = (pc: PcRow, form: { stolen: boolean; reason: string; typed: string }): boolean =>
  form.reason.trim() !== "" && (!namesIt(pc, form.stolen) || form.typed.trim() === pc.device);
