declare const brand: unique symbol;

/** A value of `Base` that only a parser or a constructor function of its own may make. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
