import { describe, expect, it } from "vitest";
import { readCitizenId } from "../src/text/citizenId";
import { monthDay, shortDate, shortTime, typedDate, weekday } from "../src/text/date";
import { count, fileSize, percent, share, yuan } from "../src/text/money";

describe("money", () => {
  it("shows fen as yuan with separators and two decimals", () => {
    expect([123450, 0, 5, 99, 100, -180500, 15624000].map(yuan)).toEqual(["1,234.50", "0.00", "0.05", "0.99", "1.00", "-1,805.00", "156,240.00"]);
  });
  it("keeps every fen of amounts a float of yuan would round", () => {
    expect(yuan(900719925474099)).toBe("9,007,199,254,740.99");
  });
  it("shows nothing for an amount nobody knows", () => {
    expect(yuan(null)).toBe("");
  });
  it("never says 100 % while somebody is missing", () => {
    expect(percent(share(99_999, 100_000))).toBe("99.9%");
    expect(percent(share(100_000, 100_000))).toBe("100.0%");
    expect(percent(share(978, 992))).toBe("98.6%");
  });
  it("counts with separators and sizes with units", () => {
    expect([count(1110), count(302)]).toEqual(["1,110", "302"]);
    expect([fileSize(512), fileSize(38211), fileSize(8812345)]).toEqual(["512 B", "38 KB", "8.4 MB"]);
  });
});

describe("dates", () => {
  it.each(["19900101", "1990-1-1", "1990.1.1", "1990/01/01", "1990年1月1日", " 1990-01-01 ", "１９９００１０１", "１９９０．１．１"])("takes %s as a clerk types it", (typed) => {
    expect(typedDate(typed)).toBe("1990-01-01");
  });
  it.each(["19900230", "1990", "19901301", "", "昨天"])("refuses %s", (typed) => {
    expect(typedDate(typed)).toBeNull();
  });
  it("says a time as briefly as the day allows", () => {
    expect(["2026-11-21 14:32", "2026-11-20 09:05", "2025-12-31 17:00", "14:32"].map((time) => shortTime(time, "2026-11-21"))).toEqual(["14:32", "11-20 09:05", "2025-12-31 17:00", "14:32"]);
  });
  it("speaks of days as people do", () => {
    expect([monthDay("2026-11-21"), weekday("2026-11-21"), shortDate("2026-11-02")]).toEqual(["11月21日", "星期六", "11-02"]);
  });
});

describe("citizen ids", () => {
  it("reads birth and sex from a valid number", () => {
    expect(readCitizenId("11010519491231002X")).toEqual({ birth: "1949-12-31", sex: "2" });
    expect(readCitizenId("1101 0519 4912 3100 2x")).toEqual({ birth: "1949-12-31", sex: "2" });
  });
  it("finds one wrong digit, a day that never was, and a lost digit", () => {
    for (const wrong of ["110105194912310021", "11010519491332002X", "1101051949123100"]) expect(readCitizenId(wrong)).toHaveProperty("problem");
  });
});
