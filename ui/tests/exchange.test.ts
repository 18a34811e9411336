import { describe, expect, it } from "vitest";
import type { BundleReport } from "@/api/gen/types";
import { told } from "@/features/exchange/taking";

const report = (some: Partial<BundleReport>): BundleReport => ({
  sender: "青石乡卫生院", number: 7, entries: 5, new: 5, duplicate: 0, held: 0, deferred: 0, unapplied: 0,
  confirmed: 0, conflicts: 0, already: false, part: null, conservation: "", ...some,
});

describe("what became of a file that was taken in with others", () => {
  it("says that all of it is new", () => {
    expect(told(report({}))).toEqual({ outcome: "已导入：新 5 条", tone: "done" });
  });
  it("says what of it is held, not taken in or to be decided", () => {
    expect(told(report({ new: 2, held: 1, unapplied: 1, deferred: 1, conflicts: 3 }))).toEqual({
      outcome: "已导入：新 2 条，暂存 1，未采用 2，待决定 3",
      tone: "soon",
    });
  });
  it("says that it came before, or waits for its other parts", () => {
    expect(told(report({ already: true })).outcome).toBe("重复：以前导入过");
    expect(told(report({ part: "第 1 份，共 2 份；还缺第 2 份，齐了会一起导入" })).tone).toBe("waiting");
  });
});
