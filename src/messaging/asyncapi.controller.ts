import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { asyncApiDocument } from './asyncapi.js';
import { BatchTransport } from './batch-transport.js';

@ApiExcludeController()
@Controller()
export class AsyncApiController {
  private document: string | undefined;

  constructor(private readonly transport: BatchTransport) {}

  @Get('asyncapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  getAsyncApi(): string {
    this.document ??= JSON.stringify(asyncApiDocument(this.transport.groups));
    return this.document;
  }
}
