import { Injectable } from '@nestjs/common';
import { RiskError } from '../errors.js';
import { refuseOtherVersion } from '../if-match.js';
import { LiveBook } from '../orders/ports.js';
import { pageOf } from '../page.js';
import { bookLimits } from './book-limits.js';
import { nameOf, type Target } from './level.js';
import { ignoredFields } from './level-fields.js';
import { Levels } from './levels.service.js';
import type { ChangeQuery, LimitChange, LimitChanges, Limits, LimitsReply } from './limits.schema.js';
import { LimitStore, type StoredLimitChange, type StoredLimits } from './ports.js';

/** Who changes something, and which version he has seen, where he says so. */
export interface ChangedBy {
  readonly actor: string;
  readonly versionSeen: number | undefined;
}

@Injectable()
export class LimitsService {
  constructor(
    private readonly limits: LimitStore,
    private readonly levels: Levels,
    private readonly liveBook: LiveBook,
  ) {}

  /** Throws `account_not_found`, `instrument_not_found` and `version_conflict`; then nothing changes. */
  async put(target: Target, limits: Limits, { actor, versionSeen }: ChangedBy): Promise<LimitsReply> {
    refuseIgnored(target, limits);
    const stored = await this.liveBook.change(
      async () => {
        await this.levels.require(target);
        return this.limits.put(target, { limits, actor }, (version) => refuseOtherVersion(version, versionSeen));
      },
      (book, now, { version }) => book.setLimits({ ...target, limits: bookLimits(limits), version }, now),
    );
    return this.replyOf(target, stored);
  }

  async get(target: Target): Promise<LimitsReply> {
    await this.levels.require(target);
    return this.replyOf(target, await this.limits.find(target));
  }

  async changes(target: Target, query: ChangeQuery): Promise<LimitChanges> {
    await this.levels.require(target);
    const { data, next_cursor } = pageOf(await this.limits.changes(target, query), query.limit, ({ changeId }) =>
      String(changeId),
    );
    return { data: data.map(changeOf), next_cursor };
  }

  private async replyOf({ level, id }: Target, stored: StoredLimits | undefined): Promise<LimitsReply> {
    const { symbols = {}, restricted_symbols = [] } = stored?.limits ?? {};
    // They may be listed one day, so they are kept; but a name that is mistyped protects from nothing.
    const unknown = await this.levels.unknown(new Set([...Object.keys(symbols), ...restricted_symbols]));
    return {
      level: nameOf(level),
      id,
      version: stored?.version ?? 0,
      ...stored?.limits,
      ...(unknown.length > 0 && { unknown_symbols: unknown }),
      updated_at: stored?.updatedAt.toISOString() ?? null,
      updated_by: stored?.updatedBy ?? null,
    };
  }
}

function refuseIgnored({ level }: Target, limits: Limits): void {
  const errors = ignoredFields(level, limits);
  const [first] = errors;
  if (!first) return;
  const detail = errors.length === 1 ? first.detail : `${errors.length} fields are wrong`;
  throw new RiskError('validation_failed', detail, { errors });
}

function changeOf({ version, before, after, actor, changedAt }: StoredLimitChange): LimitChange {
  return { version, updated_at: changedAt.toISOString(), updated_by: actor, before, after };
}
