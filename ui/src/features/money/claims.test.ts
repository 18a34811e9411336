import { expect, test } from "vitest";
import { toldOf } from "./claims";

test("the headline says what is still owed, and apart from it what came and what is no longer asked for", () => {
  expect(toldOf("short", { owed: 12_300, made_good: 0, given_up: 0 })).toBe("还少报 123.00 元");
  expect(toldOf("short", { owed: 0, made_good: 5_000, given_up: 700 })).toBe("还少报 0.00 元，已补报 50.00 元，不再追 7.00 元");
  expect(toldOf("apply", { owed: 100, made_good: 200, given_up: 0 })).toBe("还可得 1.00 元，已发放 2.00 元");
  expect(toldOf("deposit", { owed: 50_000, made_good: 0, given_up: 0 })).toBe("押金 500.00 元");
});
