import { ACCEPTED, type Validation } from "../validation.ts";

/** Who knows the path may call it. */
export const validateGeneric: Validation = () => ACCEPTED;
