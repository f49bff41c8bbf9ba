import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { tap } from 'rxjs';

/** Answers 202 with the address of the job where the work of a request became one. */
@Injectable()
export class AcceptedInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    const response = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      tap((reply: unknown) => {
        if (reply === null || typeof reply !== 'object' || !('job_id' in reply)) return;
        response.status(202).header('location', `/v1/jobs/${reply.job_id}`);
      }),
    );
  }
}
