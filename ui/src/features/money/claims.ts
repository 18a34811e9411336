import type { ClaimGroup, ClaimRow, ClaimTold } from "@/api/gen/types";
import type { Column } from "@/components/gridColumns";
import { shortDate } from "@/text/date";
import { count, yuan } from "@/text/money";

/** The lists of 保障结算 that want something done. */
export const KINDS = [
  { key: "short", label: "应报未报", amount: "少报", empty: "没有应报未报的结算单：各支付方实付都不少于政策包算出的应付。" },
  { key: "over", label: "多报", amount: "多报", empty: "没有多报的结算单。" },
  { key: "deposit", label: "收了押金", amount: "押金", empty: "没有收住院押金的结算单。" },
  { key: "unsettled", label: "没有即时结算", amount: "费用总额", empty: "没有登记出院未即时结算的结算单。" },
  { key: "unseen", label: "可能漏录票据", amount: "累计差额", empty: "没有可能漏录的：票面印的本年累计都和系统里的票据对得上。" },
  { key: "apply", label: "年终救助待申请", amount: "可得", empty: "没有要本人申请的年终救助：上年没有应得的，或都申请了、发了。" },
  { key: "beyond", label: "政策外补助", amount: "政策外", empty: "没有政策包以外名目的补助。" },
] as const;
export type Kind = (typeof KINDS)[number]["key"];

/** The ways the money is summed. */
export const WAYS = [
  { key: "bills", label: "逐张" },
  { key: "household", label: "按户" },
  { key: "village", label: "按村" },
  { key: "cause", label: "按原因" },
] as const;
export type Way = (typeof WAYS)[number]["key"];

const amounts = <T extends { basic: number; critical: number; aid: number; other: number }>(): Column<T>[] => [
  { key: "basic", label: "基本医保", width: 6, align: "right", text: (one) => (one.basic ? yuan(one.basic) : ""), order: (one) => one.basic, priority: 2 },
  { key: "critical", label: "大病保险", width: 6, align: "right", text: (one) => (one.critical ? yuan(one.critical) : ""), order: (one) => one.critical, priority: 2 },
  { key: "aid", label: "医疗救助", width: 6, align: "right", text: (one) => (one.aid ? yuan(one.aid) : ""), order: (one) => one.aid, priority: 2 },
  { key: "other", label: "其他", width: 5, align: "right", text: (one) => (one.other ? yuan(one.other) : ""), order: (one) => one.other, priority: 3 },
];

/** How many bills and how many ends of years, in words. */
export function lines(bills: number, ends: number): string {
  return [bills || !ends ? `${count(bills)} 张` : "", ends ? `${count(ends)} 笔年终结算` : ""].filter(Boolean).join("、");
}

/** As [`lines`], of these rows. */
export const linesOf = (rows: readonly ClaimRow[]): string => lines(rows.filter((one) => !one.year_end).length, rows.filter((one) => one.year_end).length);

/** Whether what stands in a list is asked for from a payer; what stands in the others is only ended, with its reason. */
export const isChased = (kind: Kind): boolean => kind === "short" || kind === "apply";

/** The decisions that fit a list. */
export const DECISIONS: Record<Kind, readonly string[]> = {
  short: ["pack", "bill", "insurer", "late", "declined", "small", "other"],
  apply: ["pack", "bill", "insurer", "late", "declined", "small", "other"],
  over: ["recovered", "pack", "bill", "insurer", "small", "other"],
  deposit: ["refunded", "bill", "other"],
  unsettled: ["settled", "bill", "other"],
  unseen: ["complete", "bill", "insurer", "other"],
  beyond: ["stopped", "recovered", "approved", "bill", "other"],
};

/** The money of a list in words: what is owed still, and apart from it what came and what is no longer asked for. */
export function toldOf(kind: Kind, told: ClaimTold): string {
  const about = KINDS.find((one) => one.key === kind)?.amount ?? "";
  const followed = isChased(kind);
  const parts = [
    `${followed ? "还" : ""}${about}${!followed && told.given_up ? "没有办结的" : ""} ${yuan(told.owed)} 元`,
    told.made_good ? `${kind === "apply" ? "已发放" : "已补报"} ${yuan(told.made_good)} 元` : "",
    told.given_up ? `${followed ? "不再追" : "已办结"} ${yuan(told.given_up)} 元` : "",
  ];
  return parts.filter(Boolean).join("，");
}

/** What came of it, in a few words. */
export function came(row: ClaimRow, kind: Kind): string {
  if (!isChased(kind)) return row.state.code === "closed" ? `已办结：${row.decision}` : "没有办结";
  if (row.applied) {
    if (row.state.code === "open") return "待申请";
    if (row.state.code === "sent") return `已申请 ${row.waiting ?? 0} 天`;
    if (row.state.code === "paid") return "已发放";
  }
  if (row.state.code === "sent") return `${row.state.label} ${row.waiting ?? 0} 天${row.letters > 1 ? `（第 ${row.letters} 次，首次 ${shortDate(row.first_sent_on)}）` : ""}`;
  if (row.state.code === "closed") return `${row.state.label}：${row.decision}`;
  return row.state.label;
}

/** The columns of a list of bills: of what is short, or of one of the other lists. */
export function claimColumns(kind: Kind): Column<ClaimRow>[] {
  const short = kind === "short" || kind === "over";
  const about = KINDS.find((one) => one.key === kind)?.amount ?? "";
  return [
    { key: "date", label: "日期", width: 4.25, text: (row) => shortDate(row.settled_on), order: (row) => row.settled_on ?? "" },
    { key: "name", label: "患者", width: 5, text: (row) => row.name },
    { key: "head", label: "户主", width: 4.5, text: (row) => row.head, priority: 3 },
    { key: "village", label: "村", width: 5.5, text: (row) => row.village, title: (row) => row.village, priority: 3 },
    { key: "hospital", label: "医院", width: 7, grow: 2, text: (row) => row.hospital, title: (row) => row.hospital, priority: 3 },
    { key: "total", label: "总费用", width: 6.75, align: "right", text: (row) => (row.year_end ? "" : yuan(row.total)), order: (row) => row.total, priority: 4 },
    ...(short || kind === "apply" ? amounts<ClaimRow>() : []),
    ...(kind === "unsettled" ? [] : [{ key: "amount", label: about, width: 6.5, align: "right" as const, text: (row: ClaimRow) => yuan(row.amount), order: (row: ClaimRow) => row.amount }]),
    ...(kind === "short" ? [{ key: "over", label: "另多报", width: 5.5, align: "right" as const, text: (row: ClaimRow) => (row.over ? yuan(row.over) : ""), order: (row: ClaimRow) => row.over, priority: 3 }] : []),
    ...(kind === "short" ? [{ key: "cause", label: "可能原因", width: 6.5, grow: 1, text: (row: ClaimRow) => row.cause_label, title: (row: ClaimRow) => row.why }] : []),
    ...(kind === "beyond" ? [{ key: "why", label: "名目", width: 8, grow: 2, text: (row: ClaimRow) => row.why, title: (row: ClaimRow) => row.why }] : []),
    ...(kind === "unseen" ? [{ key: "why", label: "差在哪里", width: 8, grow: 3, text: (row: ClaimRow) => row.why, title: (row: ClaimRow) => row.why }] : []),
    ...(kind === "apply" ? [{ key: "why", label: "怎么算的", width: 8, grow: 2, text: (row: ClaimRow) => row.why, title: (row: ClaimRow) => row.why }] : []),
    { key: "state", label: isChased(kind) ? "追办" : "办理", width: isChased(kind) ? 8.5 : 11.5, text: (row) => came(row, kind), title: (row) => came(row, kind), order: (row) => row.state.code },
  ];
}

/** The columns of sums. */
export function groupColumns(way: Way, kind: Kind): Column<ClaimGroup>[] {
  const label = { bills: "", household: "户", village: "村", cause: "可能原因" }[way];
  const short = isChased(kind);
  const given = (label: string): Column<ClaimGroup> => ({ key: "given_up", label, width: 6.5, align: "right", text: (one) => (one.given_up ? yuan(one.given_up) : ""), order: (one) => one.given_up, priority: 3 });
  return [
    { key: "label", label, width: 8, grow: 2, text: (one) => one.label },
    ...(way === "household" ? [{ key: "note", label: "村", width: 6, grow: 1, text: (one: ClaimGroup) => one.note }] : []),
    { key: "people", label: "人", width: 4, align: "right", text: (one) => one.people },
    { key: "bills", label: "张", width: 4, align: "right", text: (one) => one.bills },
    ...(kind === "short" || kind === "over" || kind === "apply" ? [{ key: "year_ends", label: "年终(笔)", width: 4.5, align: "right" as const, text: (one: ClaimGroup) => one.year_ends || "" }] : []),
    ...(short || kind === "over" ? amounts<ClaimGroup>() : []),
    { key: "amount", label: "合计(元)", width: 7, align: "right", text: (one) => yuan(one.amount), order: (one) => one.amount },
    ...(short
      ? ([
          { key: "open", label: "待追", width: 6.5, align: "right", text: (one: ClaimGroup) => (one.open ? yuan(one.open) : ""), order: (one: ClaimGroup) => one.open },
          { key: "under_way", label: "追办中", width: 6.5, align: "right", text: (one: ClaimGroup) => (one.under_way ? yuan(one.under_way) : ""), order: (one: ClaimGroup) => one.under_way, priority: 2 },
          { key: "made_good", label: kind === "apply" ? "已发放" : "已补报", width: 6.5, align: "right", text: (one: ClaimGroup) => (one.made_good ? yuan(one.made_good) : ""), order: (one: ClaimGroup) => one.made_good, priority: 2 },
          given("不再追"),
        ] as Column<ClaimGroup>[])
      : [given("其中已办结")]),
  ];
}
