import type { WarningRow } from "@/api/gen/types";
import type { Column } from "@/components/gridColumns";
import { percent, yuan } from "@/text/money";

/** The columns of a list of households, people or bills; what a list is about stands first. */
export function warningColumns(by: string, show: string): Column<WarningRow>[] {
  const household = by === "household";
  const line: Column<WarningRow>[] = household
    ? [
        { key: "verdict", label: "预警", width: 4.5, text: (row) => row.verdict, order: (row) => row.of_line ?? -1 },
        { key: "of_line", label: "占线", width: 5, align: "right", text: (row) => percent(row.of_line), order: (row) => row.of_line ?? "" },
      ]
    : [];
  const room: Column<WarningRow>[] =
    by === "bill"
      ? []
      : [{ key: "room", label: "到下一线还差", width: 7.5, align: "right", text: (row) => (row.room === null ? "" : yuan(row.room)), order: (row) => row.room ?? "", priority: show === "next" ? 1 : 3 }];
  return [
    { key: "name", label: household ? "户" : "姓名", width: 6.5, text: (row) => row.name, title: (row) => row.name },
    { key: "village", label: "村", width: 5.5, text: (row) => row.village, title: (row) => row.village, priority: 3 },
    { key: "identity", label: "身份", width: 6, text: (row) => row.identity || "普通居民", title: (row) => row.identity, priority: 3 },
    ...line,
    { key: "in_scope_personal", label: "范围内自付", width: 7, align: "right", text: (row) => yuan(row.in_scope_personal), order: (row) => row.in_scope_personal },
    { key: "personal", label: "个人支付", width: 7, align: "right", text: (row) => yuan(row.personal), order: (row) => row.personal },
    { key: "total", label: "总费用", width: 7.5, align: "right", text: (row) => yuan(row.total), order: (row) => row.total, priority: 2 },
    { key: "of_total", label: "县域内÷总费用", width: 7.25, align: "right", text: (row) => percent(row.of_total), order: (row) => row.of_total ?? "", priority: 2 },
    { key: "of_in_scope", label: "÷范围内", width: 5.5, align: "right", text: (row) => percent(row.of_in_scope), order: (row) => row.of_in_scope ?? "", priority: 3 },
    ...room,
    { key: "bills", label: "张", width: 3, align: "right", text: (row) => row.bills, priority: 4 },
    { key: "told", label: "为什么", width: 12, grow: 1, text: (row) => row.told, title: (row) => row.told },
  ];
}
