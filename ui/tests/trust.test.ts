import { describe, expect, it } from "vitest";
import type { PcRow, RootPending } from "../src/api/gen/types";
import { advisedThreshold, knownMissing, missingSignatures, retirable } from "../src/features/system/trust";

const row = (signed: boolean) => ({ name: "主任", key: "0", signed });
const pending = (old: boolean[], now: boolean[], over: Partial<RootPending> = {}): RootPending => ({ change: "holders", version: 2, old: old.map(row), old_needed: 1, new: now.map(row), new_needed: 2, ...over });
const pc: PcRow = { serial: 2, unit: "青石乡卫生院", device: "青石乡卫生院", area: "159901201", county: false, own: false, retired: null, last_contact: "2026-11-20 09:00", confirmed: 120, missing: 3 };

describe("a change of the county's root", () => {
  it("says who still has to sign", () => {
    expect(missingSignatures(pending([false], [true, false, false]))).toBe("现在的保管人还差 1 位，新的保管人还差 1 位");
    expect(missingSignatures(pending([true], [true, false, false]))).toBe("新的保管人还差 1 位");
    expect(missingSignatures(pending([true], [true, true, false]))).toBe("签字已够");
    expect(missingSignatures(pending([true, false, false], [], { change: "operations", old_needed: 2 }))).toBe("还差 1 位保管人签字");
  });
  it("advises two of three, and one of one", () => {
    expect([1, 2, 3, 5].map(advisedThreshold)).toEqual([1, 2, 2, 3]);
  });
});

describe("retiring a PC", () => {
  it("says what the county has and what it cannot know", () => {
    expect(knownMissing(pc)).toBe("县里已收到 120 条（上次联系 2026-11-20 09:00）；已知还缺 3 条；上次联系以后写的，县里不知道有多少。");
    expect(knownMissing({ ...pc, last_contact: null })).toContain("一条都没有");
  });
  it("asks for a reason, and for the name where the PC was stolen or where entries of it are missing", () => {
    const whole = { ...pc, missing: 0 };
    expect(retirable(whole, { stolen: false, reason: " ", typed: "" })).toBe(false);
    expect(retirable(whole, { stolen: false, reason: "换机", typed: "" })).toBe(true);
    expect(retirable(pc, { stolen: false, reason: "换机", typed: "" })).toBe(false);
    expect(retirable(pc, { stolen: false, reason: "换机", typed: "青石乡卫生院" })).toBe(true);
    expect(retirable(pc, { stolen: true, reason: "被盗", typed: "青石乡" })).toBe(false);
    expect(retirable(pc, { stolen: true, reason: "被盗", typed: "青石乡卫生院" })).toBe(true);
  });
});
