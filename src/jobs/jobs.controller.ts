import { Controller, Get, Header, Headers, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Operation } from '../http/operation.decorator.js';
import { JobEvents } from './jobs.events.js';
import { cancelledJob, demoJob } from './jobs.examples.js';
import { type Job, type JobQuery, job, jobId, jobList, jobQuery } from './jobs.schema.js';
import { JobsService } from './jobs.service.js';

const eventStream = z
  .custom<StreamableFile>()
  .meta({ type: 'string', description: 'Server-sent events, each with the job as its data' });

@ApiTags('Jobs')
@Controller('v1/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly jobEvents: JobEvents,
  ) {}

  @Get()
  @Operation({
    summary: 'Lists jobs, newest first.',
    reply: jobList,
    example: { query: { kind: 'price_import', limit: 1 }, reply: { data: [demoJob], next_cursor: null } },
  })
  listJobs(@Query({ schema: jobQuery }) query: JobQuery): Promise<z.infer<typeof jobList>> {
    return this.jobs.list(query);
  }

  @Get(':job_id')
  @Operation({
    summary: 'Shows phase, percent, time left, and result or reason of failure of a job.',
    reply: job,
    errors: ['job_not_found'],
    example: { params: { job_id: 'job_demo' }, reply: demoJob },
  })
  getJob(@Param('job_id', { schema: jobId }) id: string): Promise<Job> {
    return this.jobs.get(id);
  }

  @Get(':job_id/events')
  @ApiProduces('text/event-stream')
  @ApiHeader({
    name: 'last-event-id',
    required: false,
    description: 'The ids of the events go on from it',
    example: '7',
  })
  @Header('cache-control', 'no-store')
  @Header('x-accel-buffering', 'no')
  @Operation({
    summary: 'Streams the progress of a job as server-sent events.',
    description:
      'The state at once and after each change, as event `progress`. The last event ends the stream: `done` when the job ' +
      'has ended, `shutdown` when the service goes down before. Connect again after that, with or without ' +
      '`Last-Event-ID`: the state comes at once.',
    reply: eventStream,
    errors: ['job_not_found'],
    example: { params: { job_id: 'job_demo' }, reply: `id: 1\nevent: done\ndata: ${JSON.stringify(demoJob)}\n\n` },
  })
  jobEventStream(
    @Param('job_id', { schema: jobId }) id: string,
    @Headers('last-event-id') lastEventId?: string,
  ): Promise<StreamableFile> {
    return this.jobEvents.stream(id, lastEventId);
  }

  @Post(':job_id/cancel')
  @Operation({
    summary: 'Cancels a queued or running job.',
    description: 'Nothing of a cancelled job is kept. The reply may still say RUNNING where it takes a moment to stop.',
    reply: job,
    errors: ['job_not_found', 'conflict', 'not_owner'],
    example: { params: { job_id: cancelledJob.job_id }, reply: cancelledJob },
  })
  cancelJob(@Param('job_id', { schema: jobId }) id: string): Promise<Job> {
    return this.jobs.cancel(id);
  }
}
