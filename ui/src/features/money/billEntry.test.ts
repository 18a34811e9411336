import { describe, expect, it } from "vitest";
import { joinItems, sentOf, splitItems } from "./billEntry";

describe("the sheet of a settlement", () => {
  it("keeps item classes as one text and gives them back as they were", () => {
    const values = { "item:class_b": "20,000", "item:imported": " 10000 ", "item:domestic": "" };
    expect(joinItems(values)).toBe("class_b=20000;imported=10000");
    expect(splitItems("class_b=20000;imported=10000")).toEqual({ "item:class_b": "20000", "item:imported": "10000" });
    expect(splitItems("")).toEqual({});
  });
  it("sends every column, so that what was blanked is gone", () => {
    const sent = sentOf({ person: "p", total: " 100 ", "item:class_b": "5" });
    expect(sent.total).toBe("100");
    expect(sent.deposit).toBe("");
    expect(sent.items).toBe("class_b=5");
  });
});
