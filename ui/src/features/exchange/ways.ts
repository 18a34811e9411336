/** How a bundle is carried: as files or as mail drafts, whole or within a limit that mail servers have. */
export const WAYS: { code: Way; label: string }[] = [
  { code: "file", label: "存成一个文件" },
  { code: "file10", label: "分成文件，每份不超过 10 MB" },
  { code: "file20", label: "分成文件，每份不超过 20 MB" },
  { code: "mail10", label: "写成邮件，每封不超过 10 MB" },
  { code: "mail20", label: "写成邮件，每封不超过 20 MB" },
];

export type Way = "file" | "file10" | "file20" | "mail10" | "mail20";

const MB = 1024 * 1024;

export function wayOf(way: Way): { mail: boolean; most: number | null } {
  const most = /\d+$/.exec(way)?.[0];
  return { mail: way.startsWith("mail"), most: most ? Number(most) * MB : null };
}
