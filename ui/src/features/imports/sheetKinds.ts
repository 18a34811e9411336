import type { SheetKind } from "@/api/gen/types";

/** What can be imported, in the clerk's words. */
export const SHEET_KINDS: { kind: SheetKind; label: string; about: string }[] = [
  { kind: "roster", label: "花名册", about: "扶贫部门给的户和人名单，47 栏或其他栏序都行" },
  { kind: "screening", label: "筛查表（诊断）", about: "村里筛查的大病、慢病名单" },
  { kind: "contracts", label: "签约表", about: "家庭医生签约名单" },
  { kind: "visits", label: "随访表", about: "随访记录" },
  { kind: "enrolments", label: "参保名单", about: "当年参保登记" },
  { kind: "bills", label: "一站式结算表", about: "住院和门诊结算单" },
  { kind: "exams", label: "体检表", about: "老年人、慢病、义诊等体检登记" },
  { kind: "disabled", label: "残疾人名单", about: "残联给的持证人名单" },
  { kind: "aid", label: "救助对象名单", about: "民政的低保、特困名单，医保的救助标识名单" },
  { kind: "certificates", label: "特慢病证名单", about: "门诊特慢病证的申报、评审、发证" },
  { kind: "crowds", label: "重点人群名单", about: "公卫系统导出的高血压、孕产妇等管理名单" },
  { kind: "health_check", label: "健康状况核查表", about: "入户核查一人一行：服务、签约、知晓、满意" },
  { kind: "services", label: "妇幼与筛查服务表", about: "产检、访视、儿保、两癌、新生儿筛查、营养包" },
];
