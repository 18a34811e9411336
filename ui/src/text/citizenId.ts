import { typedDate } from "./date";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";

/** What an 18-digit citizen id says about its holder, or what is wrong with it (GB 11643). */
export type CitizenIdReading = { birth: string; sex: "1" | "2" } | { problem: string };

/** Reads a typed citizen id; spaces are ignored and a small x counts. */
export function readCitizenId(text: string): CitizenIdReading {
  const id = text.replace(/\s/g, "").toUpperCase();
  if (!/^\d{17}[\dX]$/.test(id)) return { problem: `身份证号应为 18 位，现在是 ${id.length} 位或含有其他字符。` };
  const birth = typedDate(id.slice(6, 14));
  if (!birth) return { problem: "第 7 至 14 位不是一个真实的出生日期。" };
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(id[place]), 0);
  if (CHECKS[sum % 11] !== id[17]) return { problem: "最后一位校验码不对，请对照身份证再看一遍。" };
  return { birth, sex: Number(id[16]) % 2 === 1 ? "1" : "2" };
}
