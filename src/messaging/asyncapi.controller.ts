import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { CONFIG, type Config } from '../config.js';
import { asyncApiDocument } from './asyncapi.js';
import { BatchTransport } from './batch-transport.js';
import type { EventsDocument } from './events-page/document.js';
import { EVENTS_PAGE_POLICY, eventsPage } from './events-page/events-page.js';

@ApiExcludeController()
@Controller()
export class AsyncApiController {
  private made: { readonly json: string; readonly page: string } | undefined;

  constructor(
    private readonly transport: BatchTransport,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('asyncapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  getAsyncApi(): string {
    return this.document().json;
  }

  @Get('docs/events')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', EVENTS_PAGE_POLICY)
  getEventsPage(): string {
    return this.document().page;
  }

  private document() {
    if (!this.made) {
      const document = asyncApiDocument(this.transport.groups, this.config.kafka);
      this.made = { json: JSON.stringify(document), page: eventsPage(document as unknown as EventsDocument) };
    }
    return this.made;
  }
}
