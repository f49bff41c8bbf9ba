import type { z } from 'zod';

/** A rule across fields also runs where single fields are wrong, so that all problems are reported at once. */
export const always = {
  when: ({ value }: { value: unknown }) => value !== null && typeof value === 'object' && !Array.isArray(value),
};

/** The fields of what may be anything: such a rule must bear missing and wrong fields. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

/** A symbol may stand once in the list `field`; the second and further ones are problems. */
export function symbolsOnce(field: string) {
  return (body: unknown, context: z.core.$RefinementCtx): void => {
    const list = fieldsOf(body)[field];
    if (!Array.isArray(list)) return;
    const first = new Map<unknown, number>();
    for (const [index, item] of list.entries()) {
      const { symbol } = fieldsOf(item);
      if (symbol === undefined) continue;
      const earlier = first.get(symbol);
      const message = `expected each symbol once, /${field}/${earlier} has it already`;
      if (earlier !== undefined) context.addIssue({ code: 'custom', path: [field, index, 'symbol'], message });
      else first.set(symbol, index);
    }
  };
}
