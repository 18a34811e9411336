import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { nextTick } from "vue";
import { listenForKeys } from "../src/app/keymap";
import DataGrid from "../src/components/DataGrid.vue";
import { cellText, type Column, fitting, moved, placed, sorted, template } from "../src/components/gridColumns";

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

describe("columns as somebody keeps them", () => {
  const keys = (places: { key: string; shown: boolean }[]) => placed(columns, places).map((one) => `${one.shown ? "+" : "-"}${one.column.key}`);
  it("stand where they were put, and what is new stands where the program puts it", () => {
    expect(keys([])).toEqual(["+id", "+note", "+phone"]);
    expect(keys([{ key: "phone", shown: true }, { key: "gone", shown: true }, { key: "id", shown: false }])).toEqual(["+phone", "+note", "-id"]);
  });
  it("are never all hidden", () => {
    expect(keys(["id", "note", "phone"].map((key) => ({ key, shown: false })))).toEqual(["+id", "-note", "-phone"]);
  });
  it("go first when there is little room, the least of them, whatever was chosen", () => {
    const chosen = placed(columns, [{ key: "note", shown: true }, { key: "phone", shown: true }, { key: "id", shown: true }]).map((one) => one.column);
    expect(fitting(chosen, 15).map((column) => column.key)).toEqual(["phone", "id"]);
  });
});

describe("order", () => {
  interface Person {
    name: string;
    group: string;
    days: number;
  }
  const people: Person[] = [
    { name: "张三", group: "10组", days: 3 },
    { name: "李四", group: "9组", days: 20 },
    { name: "安一", group: "", days: 100 },
  ];
  const of = (text: (row: Person) => string | number): Column<Person> => ({ key: "x", label: "栏", width: 4, text });
  const names = (column: Column<Person> | undefined, down = false) => sorted(people, column, down).map((one) => one.name);
  it("is by sound, by number, and empty last either way", () => {
    expect(names(of((one) => one.name))).toEqual(["安一", "李四", "张三"]);
    expect(names(of((one) => one.group))).toEqual(["李四", "张三", "安一"]);
    expect(names(of((one) => one.group), true)).toEqual(["张三", "李四", "安一"]);
    expect(names(of((one) => one.days), true)).toEqual(["安一", "李四", "张三"]);
    expect(names({ ...of((one) => `${one.days} 天`), order: (one) => one.days })).toEqual(["张三", "李四", "安一"]);
    expect(names(undefined)).toEqual(["张三", "李四", "安一"]);
  });
  it("leaves a cell in the file as it stands on the screen", () => {
    const mute: Column<Person> = { key: "x", label: "栏", width: 4 };
    expect(people.map((one) => cellText(of((row) => row.days), one) + cellText(mute, one))).toEqual(["3", "20", "100"]);
  });
});

describe("choosing", () => {
  const choose = () => {
    const grid = mount(DataGrid<Row>, {
      props: {
        label: "表",
        columns,
        rows,
        rowKey: (row: Row) => row.id,
        choosing: true,
        at: 1,
        chosen: new Set<string | number>(),
        "onUpdate:at": (at: number) => grid.setProps({ at }),
        "onUpdate:chosen": (chosen: Set<string | number> | undefined) => grid.setProps({ chosen }),
      },
      attachTo: document.body,
    });
    const stop = listenForKeys();
    const press = async (key: string, more: KeyboardEventInit = {}) => {
      window.dispatchEvent(new KeyboardEvent("keydown", { key, ...more }));
      await nextTick();
    };
    const chosen = () => [...(grid.props("chosen") ?? [])];
    return { grid, press, chosen, stop };
  };
  it("takes the row under the cursor with Space, those on the way with Shift, and gives them back", async () => {
    const { grid, press, chosen, stop } = choose();
    await press(" ");
    expect(chosen()).toEqual([1]);
    await press("ArrowDown", { shiftKey: true });
    await press("ArrowDown", { shiftKey: true });
    expect(chosen()).toEqual([1, 2, 3]);
    await press("ArrowUp", { shiftKey: true });
    expect(chosen()).toEqual([1, 2]);
    await press(" ");
    expect(chosen()).toEqual([1]);
    stop();
    grid.unmount();
  });
  it("takes all with Ctrl+A, also those out of sight, and none with another", async () => {
    const { grid, press, chosen, stop } = choose();
    await press("a", { ctrlKey: true });
    expect(chosen()).toHaveLength(30);
    await press("a", { ctrlKey: true });
    expect(chosen()).toEqual([]);
    stop();
    grid.unmount();
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
