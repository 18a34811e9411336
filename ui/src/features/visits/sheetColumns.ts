/** One cell of a sheet of visits. */
export interface SheetColumn {
  /** The column of `visit`. */
  column: string;
  label: string;
  /** In rem. */
  width: number;
  /** Digits that may be typed, with what they mean. */
  codes?: Record<string, string>;
  /** What a digit is saved as, where it is not the digit. */
  sent?: Record<string, string>;
  numeric?: boolean;
  /** Typed with one decimal, kept in tenths. */
  tenths?: boolean;
  date?: boolean;
  /** Says that somebody was visited: a line with none of these is left out. */
  tells?: boolean;
}

const MODE: SheetColumn = { column: "mode", label: "方式", width: 3, codes: { 1: "门诊", 2: "家庭", 3: "电话" } };
const PRESSURE: SheetColumn[] = [
  { column: "systolic", label: "收缩压", width: 4, numeric: true, tells: true },
  { column: "diastolic", label: "舒张压", width: 4, numeric: true, tells: true },
];
const END: SheetColumn[] = [
  { column: "drug_compliance", label: "服药", width: 3, codes: { 1: "规律", 2: "间断", 3: "不服药", 4: "无需服药" }, tells: true },
  { column: "control", label: "分类", width: 3, codes: { 1: "控制满意", 2: "控制不满意", 3: "不良反应", 4: "并发症" }, tells: true },
];
const NEXT: SheetColumn = { column: "next_on", label: "下次", width: 6.5, date: true };
const DAY: SheetColumn = { column: "visited_on", label: "日期", width: 6.5, date: true };

/** What is typed for each kind of visit, in the order of the national forms. */
export const SHEETS: Record<string, SheetColumn[]> = {
  hypertension: [DAY, MODE, ...PRESSURE, { column: "heart_rate", label: "心率", width: 3.5, numeric: true, tells: true }, ...END, NEXT],
  diabetes: [DAY, MODE, ...PRESSURE, { column: "glucose_tenths", label: "空腹血糖", width: 4.5, numeric: true, tenths: true, tells: true }, ...END, NEXT],
  poor: [DAY, MODE, { column: "note", label: "随访记录", width: 18, tells: true }, NEXT],
};

const EXAM: SheetColumn[] = [
  { column: "examined_on", label: "日期", width: 6.5, date: true },
  ...PRESSURE,
  { column: "heart_rate", label: "心率", width: 3.5, numeric: true, tells: true },
  { column: "glucose_tenths", label: "空腹血糖", width: 4.5, numeric: true, tenths: true, tells: true },
  { column: "height_tenths", label: "身高", width: 4, numeric: true, tenths: true, tells: true },
  { column: "weight_tenths", label: "体重", width: 4, numeric: true, tenths: true, tells: true },
  { column: "ecg", label: "心电图", width: 6, tells: true },
  {
    column: "result",
    label: "甄别",
    width: 3,
    codes: { 1: "健康", 2: "亚健康", 3: "慢性病", 4: "老年病", 5: "患病" },
    sent: { 1: "healthy", 2: "subhealthy", 3: "chronic", 4: "geriatric", 5: "ill" },
    tells: true,
  },
  { column: "findings", label: "异常", width: 7, tells: true },
];

/** What is typed for each group of people to be examined. */
export const EXAMS: Record<string, SheetColumn[]> = { elder: EXAM, chronic: EXAM, ages_7_64: EXAM };
