declare const ofType: unique symbol;

/** JSON of a `T`, written by whoever knows it better than `JSON.stringify` can. */
export type JsonText<T> = string & { readonly [ofType]: T };
