/** Where answers of a gate that are larger than a function may give lie until their caller has them. */
export type LargeAnswers = {
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** The bytes at `key`, which are gone afterwards; throws when there are none. */
  take(key: string): Promise<Uint8Array>;
};
