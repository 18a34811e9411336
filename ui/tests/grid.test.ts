import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import DataGrid from "../src/components/DataGrid.vue";
import { type Column, fitting, moved, template } from "../src/components/gridColumns";

interface Row {
  id: number;
}
const rows: Row[] = Array.from({ length: 30 }, (_, id) => ({ id }));
const columns: Column<Row>[] = [
  { key: "id", label: "号", width: 4, text: (row) => row.id },
  { key: "note", label: "说明", width: 10, grow: 1, priority: 3, text: () => "…" },
  { key: "phone", label: "电话", width: 8, priority: 2, text: () => "139" },
];
const make = () =>
  mount(DataGrid<Row>, {
    props: { label: "表", columns, rows, rowKey: (row: Row) => row.id, opens: true, at: 0 },
    attachTo: document.body,
  });
const active = (grid: ReturnType<typeof make>) => grid.emitted("update:at")?.at(-1)?.[0];

describe("columns", () => {
  it("the least important go first when there is little room, and the first never goes", () => {
    expect(fitting(columns, 22).map((column) => column.key)).toEqual(["id", "note", "phone"]);
    expect(fitting(columns, 15).map((column) => column.key)).toEqual(["id", "phone"]);
    expect(fitting(columns, 1).map((column) => column.key)).toEqual(["id"]);
  });
  it("share what room is left over", () => {
    expect(template(columns)).toBe("4rem minmax(10rem, 1fr) 8rem");
  });
});

describe("movement", () => {
  it("stays inside the list", () => {
    expect([moved("ArrowUp", 0, 30, 10), moved("ArrowDown", 29, 30, 10), moved("PageDown", 25, 30, 10), moved("Home", 7, 30, 10), moved("End", 7, 30, 10)]).toEqual([0, 29, 29, 0, 29]);
  });
  it("is nothing in an empty list or for another key", () => {
    expect([moved("ArrowDown", 0, 0, 10), moved("n", 3, 30, 10)]).toEqual([null, null]);
  });
});

describe("grid", () => {
  it("walks with the arrows and opens with Enter", async () => {
    const grid = make();
    await grid.get("[data-index='0']").trigger("keydown", { key: "ArrowDown" });
    expect(active(grid)).toBe(1);
    await grid.setProps({ at: 1 });
    await grid.get("[data-index='1']").trigger("keydown", { key: "Enter" });
    expect(grid.emitted("open")).toEqual([[rows[1]]]);
    grid.unmount();
  });
  it("leaves Alt+arrow to the page and keys of an input method to it", async () => {
    const grid = make();
    await grid.get("[data-index='0']").trigger("keydown", { key: "ArrowDown", altKey: true });
    await grid.get("[data-index='0']").trigger("keydown", { key: "ArrowDown", isComposing: true });
    expect(grid.emitted("update:at")).toBeUndefined();
    grid.unmount();
  });
  it("has exactly one row in the tab order", () => {
    const grid = make();
    expect(grid.findAll("[role=row][tabindex='0']")).toHaveLength(1);
    expect(grid.get("[role=grid]").attributes("aria-rowcount")).toBe("31");
    grid.unmount();
  });
  it("moves the cursor back when the list gets shorter", async () => {
    const grid = make();
    await grid.setProps({ at: 29 });
    await grid.setProps({ rows: rows.slice(0, 3) });
    expect(active(grid)).toBe(2);
    grid.unmount();
  });
});
