import { Injectable } from '@nestjs/common';

/** How far the start has come: the service answers for numbers only when all its parts are loaded. */
@Injectable()
export class Readiness {
  private waitingFor: string | undefined = 'start-up';
  /** Another instance decides; this one answers what is asked and changes nothing. */
  private standby = false;

  get ready(): boolean {
    return this.waitingFor === undefined && !this.standby;
  }

  /** What is loaded may be read. */
  get readable(): boolean {
    return this.waitingFor === undefined;
  }

  /** Why it is not ready; undefined once it is. */
  get reason(): string | undefined {
    return this.waitingFor === undefined
      ? this.standby
        ? 'standing by: another instance owns the book'
        : undefined
      : `waiting for ${this.waitingFor}`;
  }

  waitFor(what: string): void {
    this.waitingFor = what;
  }

  reached({ standby = false } = {}): void {
    this.waitingFor = undefined;
    this.standby = standby;
  }
}
