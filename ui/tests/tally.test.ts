import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import type { TallyColumn, TallyView } from "../src/api/gen/types";
import { heads } from "../src/features/tally/heads";
import TallyTable from "../src/features/tally/TallyTable.vue";
import { nextYear } from "../src/text/date";

const column = (key: string, group: string): TallyColumn => ({ key, group, label: key, money: key === "paid" });

describe("the heads of a table", () => {
  it("join neighbours of one group and leave a column without one alone", () => {
    const found = heads([column("a", ""), column("b", ""), column("c", "原因"), column("d", "原因"), column("e", "其他")]);
    expect(found).toEqual([
      { title: "", span: 1, at: 0 },
      { title: "", span: 1, at: 1 },
      { title: "原因", span: 2, at: 2 },
      { title: "其他", span: 1, at: 4 },
    ]);
  });
});

describe("a table", () => {
  const view: TallyView = {
    key: "t", title: "表", unit: "卫生院", on: "2026-11-22", head: "村", columns: [column("signed", ""), column("paid", "金额")],
    rows: [{ key: "1", label: "王庄", cells: [3, 1200] }, { key: "2", label: "李坡", cells: [0, null] }], total: [3, 1200], notes: [],
  };
  it("opens a number by its row and column, its total without a row, and nothing for nought or what is hidden", async () => {
    const table = mount(TallyTable, { props: { view, column: "", row: null, chosen: false } });
    const buttons = table.findAll("button");
    expect(buttons.map((button) => button.text())).toEqual(["3", "12.00", "3", "12.00"]);
    await buttons[0]?.trigger("click");
    await buttons[2]?.trigger("click");
    expect(table.emitted("open")).toEqual([["signed", "1"], ["signed", null]]);
    expect(table.findAll("tbody tr")[1]?.text()).toContain("—");
  });
});

describe("a period of a year", () => {
  it("ends the day before it began", () => {
    expect([nextYear("2026-12-01"), nextYear("2026-01-01"), nextYear("")]).toEqual(["2027-11-30", "2026-12-31", ""]);
  });
});
