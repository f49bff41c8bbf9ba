import { Controller, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Operation } from '../../http/operation.decorator.js';
import { type Job, job } from '../../jobs/jobs.schema.js';
import { type PriceImportQuery, priceImportQuery } from './price-import.schema.js';
import { PriceUploads } from './price-import.upload.js';

const EXAMPLE_JOB: Job = {
  job_id: 'job_0b8fd4a2-5f0e-4c58-9a39-52f5a4b4a1de',
  kind: 'price_import',
  status: 'QUEUED',
  phase: null,
  percent: 0,
  eta_seconds: null,
  request: { source: 'upload', bytes: 61, dry_run: true, on_error: 'fail' },
  result: null,
  error: null,
  created_at: '2026-01-02T09:00:00.000Z',
  started_at: null,
  finished_at: null,
};

const FORM = {
  type: 'object',
  properties: { file: { type: 'string', format: 'binary', description: 'The CSV; options are query parameters' } },
  required: ['file'],
  additionalProperties: false,
};

@ApiTags('Prices')
@Controller('v1/prices/imports')
export class PriceImportController {
  constructor(private readonly uploads: PriceUploads) {}

  @Post()
  @Operation({
    summary: 'Imports closes from CSV as a job.',
    description:
      'Wide: `date,AAPL,MSFT,…`, an empty cell is no close that day. Long: `date,symbol,close`. Columns in any order, dates ' +
      'YYYY-MM-DD, closes > 0 with a decimal point and adjusted for splits, comma, semicolon or tab between cells, UTF-8, ' +
      'at most 64 MB. The result of the job names each error with its line and column. An import repeated changes nothing.',
    bodies: { 'text/csv': { schema: { type: 'string' } }, 'multipart/form-data': { schema: FORM } },
    accepted: job,
    errors: ['payload_too_large', 'unsupported_media_type', 'rate_limited'],
    example: {
      query: { dry_run: true },
      contentType: 'text/csv',
      body: 'date,AAPL,XOM\n2022-12-29,129.273,102.512\n2022-12-30,129.593,\n',
      accepted: EXAMPLE_JOB,
    },
  })
  importPrices(
    @Req() request: FastifyRequest,
    @Query({ schema: priceImportQuery }) query: PriceImportQuery,
  ): Promise<Job> {
    return this.uploads.accept(request, query);
  }
}
