import { z } from 'zod';

/** RFC 9457 problem document, the body of every error. Further members depend on the code (`have`, `need`, `symbols`, …). */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    request_id: z.string(),
    instance: z.string(),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string(),
          in: z.enum(['path', 'query', 'header']).optional(),
          code: z.string(),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;

/** What `/problems/{code}` says of a code. */
export const problemTypeSchema = z
  .strictObject({ code: z.string(), status: z.int(), title: z.string() })
  .meta({ id: 'ProblemType' });
