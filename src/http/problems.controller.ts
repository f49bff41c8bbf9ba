import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode, RiskError } from '../risk/errors.js';
import { Operation } from './operation.decorator.js';
import { problemTypeSchema } from './problem.schema.js';

@Controller('problems')
export class ProblemsController {
  @Get(':code')
  @Operation({
    summary: 'Explains an error code.',
    reply: problemTypeSchema,
    errors: ['not_found'],
    example: {
      params: { code: 'insufficient_data' },
      reply: { code: 'insufficient_data', status: 422, title: ERROR_CODES.insufficient_data[1] },
    },
  })
  explain(@Param('code', { schema: z.string() }) code: string) {
    if (!Object.hasOwn(ERROR_CODES, code)) throw new RiskError('not_found', `there is no code ${code}`);
    const [status, title] = ERROR_CODES[code as ErrorCode];
    return { code, status, title };
  }
}
