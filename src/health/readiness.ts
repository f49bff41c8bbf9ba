import { Injectable } from '@nestjs/common';

/** How far the start has come: the service answers for numbers only when all its parts are loaded. */
@Injectable()
export class Readiness {
  private waitingFor: string | undefined = 'start-up';

  get ready(): boolean {
    return this.waitingFor === undefined;
  }

  /** What the start waits for; undefined once ready. */
  get reason(): string | undefined {
    return this.waitingFor;
  }

  waitFor(what: string): void {
    this.waitingFor = what;
  }

  reached(): void {
    this.waitingFor = undefined;
  }
}
