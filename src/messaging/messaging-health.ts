import { Injectable } from '@nestjs/common';
import { BatchTransport } from './batch-transport.js';
import { MessagingDriver } from './driver.js';
import { LagMonitor } from './lag-monitor.js';

export interface MessagingReport {
  readonly driver: MessagingDriver['kind'];
  readonly state: string;
  /** Everything that holds messages up; empty where nothing does. */
  readonly problems: readonly string[];
  /** Records not yet done, by group; null while it cannot be asked. */
  readonly lag: Readonly<Record<string, number | null>>;
}

/** Whether messages flow, from what the service knows already: a probe asks the broker nothing. */
@Injectable()
export class MessagingHealth {
  constructor(
    private readonly driver: MessagingDriver,
    private readonly transport: BatchTransport,
    private readonly lags: LagMonitor,
  ) {}

  report(): MessagingReport {
    const { kind, status } = this.driver;
    const { groups } = this.transport;
    const problems = status.state === 'UP' ? groups.flatMap((group) => this.problemsOf(group)) : [awayText(status)];
    const lag = Object.fromEntries(
      groups.map(({ name }) => [name, this.lags.of(name)?.reduce((sum, partition) => sum + partition.lag, 0) ?? null]),
    );
    return { driver: kind, state: status.state, problems, lag };
  }

  private problemsOf({ name, member, stats }: BatchTransport['groups'][number]): string[] {
    const away = member?.status.state === 'DOWN' ? [`${name}: ${member.status.reason ?? 'away'}`] : [];
    const retrying = stats.retrying.map(
      ({ topic, partition, reason, attempts }) => `${name}: ${topic}/${partition} tried ${attempts} times: ${reason}`,
    );
    return [...away, ...retrying];
  }
}

const awayText = ({ state, reason }: MessagingDriver['status']) => reason ?? state.toLowerCase();
