import { describe, expect, it } from "vitest";
import type { PackNumber } from "@/api/gen/types";
import { moved } from "@/features/packs/numbers";

const TEXT = 'share = "75%"\nline = "1300"\ncap = "300000"\n';

/** Every number of the text where it stands. */
function numbersOf(text: string): PackNumber[] {
  return [...text.matchAll(/"([^"]*)"/g)].map((found, line) => {
    const from = found.index + 1;
    const value = found[1] ?? "";
    return { part: "", place: "", value, article: "", status: "官方", line: line + 1, from, to: from + value.length };
  });
}

describe("数字", () => {
  it.each(["5%", "100%", "75%", ""])("a share replaced by %j leaves every number where the text has it", (to) => {
    const before = numbersOf(TEXT);
    const [first] = before;
    if (!first) throw new Error("no number");
    const text = TEXT.slice(0, first.from) + to + TEXT.slice(first.to);
    expect(moved(before, first, to)).toEqual(numbersOf(text));
  });
});
