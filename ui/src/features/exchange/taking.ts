import { call } from "@/api/client";
import { asCommandError } from "@/api/error";
import type { BundleReport, FoundState } from "@/api/gen/types";
import type { Tone } from "@/api/gen/types";
import { count } from "@/text/money";

/** A file that somebody wants taken in with others. */
export interface Wanted {
  path: string;
  title: string;
  state: FoundState;
}

/** What became of one file. */
export interface Result {
  path: string;
  title: string;
  outcome: string;
  tone: Tone;
}

/** What became of a file that was taken in, in words. */
export function told(report: BundleReport): Omit<Result, "path" | "title"> {
  if (report.already) return { outcome: "重复：以前导入过", tone: "neutral" };
  if (report.part) return { outcome: `已收好：${report.part}`, tone: "waiting" };
  const rest = [
    report.held ? `暂存 ${count(report.held)}` : "",
    report.deferred + report.unapplied ? `未采用 ${count(report.deferred + report.unapplied)}` : "",
    report.conflicts ? `待决定 ${count(report.conflicts)}` : "",
  ].filter(Boolean);
  const outcome = [`已导入：新 ${count(report.new)} 条`, ...rest].join("，");
  return { outcome, tone: rest.length ? "soon" : "done" };
}

/** Takes files in one after the other. One that is refused stops none of the others; every one gets its line. */
export async function takeAll(wanted: Wanted[], step: (done: number) => void): Promise<Result[]> {
  const results: Result[] = [];
  for (const { path, title, state } of wanted) {
    step(results.length + 1);
    if (state === "known" || state === "others") {
      results.push({ path, title, outcome: state === "known" ? "重复：以前导入过" : "不是给本单位的，没有导入", tone: "neutral" });
      continue;
    }
    try {
      const report = await call("exchange_import", { path });
      results.push({ path, title: `${report.sender} 第 ${report.number} 号`, ...told(report) });
    } catch (cause) {
      const { code, message } = asCommandError(cause);
      results.push({ path, title, outcome: `${code === "BUNDLE_REJECTED" ? "拒收" : "没有导入"}：${message}`, tone: "missing" });
    }
  }
  return results;
}
