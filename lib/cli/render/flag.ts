/** `True` and `False`, as tables show a flag. */
export const renderFlag = (flag: boolean): string => (flag ? "True" : "False");
