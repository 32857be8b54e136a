import type { CallOf, Operations } from '../calls.ts'

/** Calls operations in this thread as if they were on another: each behind `run` and structured clone. */
export const callInThisThread =
  <Ops extends Operations>(operations: Ops, run: (job: () => unknown) => unknown): CallOf<Ops> =>
  async <Name extends keyof Ops & string>(name: Name, ...args: Parameters<Ops[Name]>) => {
    const operation = operations[name] as (...sent: readonly unknown[]) => unknown
    const sent: readonly unknown[] = structuredClone(args)
    return structuredClone(run(() => operation(...sent))) as ReturnType<Ops[Name]>
  }
