import type { BillRow } from "@/api/gen/types";
import type { Column } from "@/components/gridColumns";
import { shortDate } from "@/text/date";
import { yuan } from "@/text/money";

/** Where, with its level. */
export const hospital = (row: BillRow) => (row.level ? `${row.hospital}(${row.level.label})` : row.hospital);

/** What stands in 与政策核对: the word, and the amount when there is one. */
export function verdict(row: BillRow): string {
  const amount = row.shortfall || row.over;
  if (!amount) return row.verdict;
  const beside = row.shortfall && row.over ? `，另多报 ${yuan(row.over)}` : "";
  return `${row.verdict} ${yuan(amount)}${beside}`;
}

/** The columns of a table of bills; `village` where bills of many villages stand together. */
export function billColumns(village: boolean): Column<BillRow>[] {
  const place: Column<BillRow>[] = village ? [{ key: "village", label: "村", width: 5.75, text: (row) => row.village, title: (row) => row.village, priority: 4 }] : [];
  return [
    { key: "date", label: "日期", order: (row) => row.settled_on ?? "", width: village ? 6.75 : 4.25, text: (row) => (village ? (row.settled_on ?? "") : shortDate(row.settled_on)) },
    { key: "name", label: "患者", width: 5, text: (row) => row.name, title: (row) => row.name },
    ...place,
    { key: "hospital", label: "医院", width: 8.25, grow: 3, text: hospital, title: hospital, priority: 3 },
    { key: "reason", label: "事由", width: 6, grow: 1, text: (row) => row.reason, title: (row) => row.reason, priority: 4 },
    { key: "total", label: "总费用", width: 7, align: "right", text: (row) => yuan(row.total), order: (row) => row.total },
    { key: "basic", label: "基本医保", width: 6.5, align: "right", text: (row) => yuan(row.basic), order: (row) => row.basic, priority: 2 },
    { key: "critical", label: "大病保险", width: 6.5, align: "right", text: (row) => yuan(row.critical), order: (row) => row.critical, priority: 2 },
    { key: "aid", label: "医疗救助", width: 6.5, align: "right", text: (row) => yuan(row.aid), order: (row) => row.aid, priority: 2 },
    { key: "other", label: "其他", width: 6, align: "right", text: (row) => yuan(row.other), order: (row) => row.other, priority: 3 },
    { key: "personal", label: "个人支付", width: 6.5, align: "right", text: (row) => yuan(row.personal), order: (row) => row.personal },
    { key: "verdict", label: "与政策核对", width: 9.25, text: verdict, order: (row) => row.shortfall || -row.over, title: (row) => row.why },
  ];
}
