/** A refusal of a command. Screens branch on `code` only; `message` is for the clerk. */
export class CommandError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly fields: FieldProblem[],
    readonly incident: string | null,
  ) {
    super(message);
  }
}

/** What is wrong with one field of a form. */
export interface FieldProblem {
  field: string;
  message: string;
}

/** Turns whatever a host rejected with into a refusal. */
export function asCommandError(cause: unknown): CommandError {
  if (cause instanceof CommandError) return cause;
  if (typeof cause === "object" && cause !== null && "code" in cause && "message" in cause) {
    const { code, message } = cause;
    const fields = "fields" in cause && Array.isArray(cause.fields) ? (cause.fields as FieldProblem[]) : [];
    const incident = "incident" in cause && typeof cause.incident === "string" ? cause.incident : null;
    return new CommandError(String(code).toUpperCase(), String(message), fields, incident);
  }
  return new CommandError("UNREACHABLE", "程序没有回应，本次操作没有完成。请重试；再不行请关闭窗口重新打开。", [], null);
}
