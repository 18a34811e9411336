import { describe, expect, it } from "vitest";
import type { ImportHome, ImportRow, LookSheet } from "../src/api/gen/types";
import { byHome, fieldChoices, sumOf } from "../src/features/imports/lines";

const row = (at: number, household: string, outcome: ImportRow["outcome"]): ImportRow => ({ row: at, outcome, who: `人${at}`, household, detail: "", warning: false });
const home = (household: string, over: Partial<ImportHome> = {}): ImportHome => ({ household, id: null, village: "", rows: 0, new: 0, changed: 0, same: 0, rejected: 0, warnings: 0, ...over });

describe("the diff of a file", () => {
  const rows = [row(2, "1", "same"), row(3, "2", "new"), row(4, "1", "changed"), row(5, "", "rejected")];
  const homes = [home("1"), home("2"), home("")];

  it("puts a household's rows together although the file does not", () => {
    expect(byHome(homes, rows).map((line) => line.row?.row ?? `户${line.home?.household}`)).toEqual(["户1", 2, 4, "户2", 3, "户", 5]);
  });
  it("leaves out households of which nothing is shown", () => {
    expect(byHome(homes, rows.slice(1, 2)).length).toBe(2);
  });
  it("says what becomes of a household's rows and nothing of what does not happen", () => {
    expect(sumOf(home("1", { rows: 3, changed: 1, same: 2 }))).toBe("修改 1，不变 2");
  });
});

describe("what a column may stand for", () => {
  it("offers first what is lacking and last what another column is", () => {
    const column = { letters: "A", label: "人名", state: "mapped" as const, key: "name", title: "姓名", told: false, filled: 1, samples: [] };
    const sheet: LookSheet = { name: "表", row: 1, height: 1, read: false, remembered: false, data_rows: 1, columns: [column], missing: ["户编号"] };
    const fields = [
      { key: "name", title: "姓名", needed: true },
      { key: "phone", title: "电话", needed: false },
      { key: "household_number", title: "户编号", needed: true },
    ];
    expect(fieldChoices(sheet, fields).map((one) => one.label)).toEqual(["不读这一列", "户编号（必需，还缺）", "电话", "姓名（现在是“人名”）"]);
  });
});
