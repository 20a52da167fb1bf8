/** The names under which `T` has an `any`. */
export type AnyIn<T> = { [K in keyof T]-?: 0 extends 1 & T[K] ? K : never }[keyof T]

/** The names of the functions of `T` that take or return an `any`. */
export type AnyInCalls<T> = {
  [K in keyof T]: T[K] extends (...given: infer Given) => infer Result
    ? 0 extends 1 & Result
      ? K
      : Given extends readonly unknown[]
        ? 0 extends 1 & Given[number]
          ? K
          : never
        : never
    : never
}[keyof T]
