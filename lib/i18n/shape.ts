/** The same keys with any text: what a translation has to fill. A missing or surplus key fails to compile. */
export type Translation<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translation<T[K]> };
