import type { Result } from '../../core/failure.ts'
import type { CallOf, Operations } from './calls.ts'

/**
 * Gives the untyped calls of a channel the types of the operations that run at its other end. The
 * thread runs these very operations, so what it answers has their type.
 */
export const callOf =
  <Ops extends Operations>(
    call: (name: string, args: readonly unknown[]) => Promise<Result<unknown>>,
  ): CallOf<Ops> =>
  <Name extends keyof Ops & string>(name: Name, ...args: Parameters<Ops[Name]>) =>
    call(name, args) as Promise<ReturnType<Ops[Name]>>
