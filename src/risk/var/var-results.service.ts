import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Cache } from '../../cache/ports.js';
import { CONFIG, type Config } from '../../config.js';
import { SERVICE_VERSION } from '../../version.js';
import { Clock } from '../clock.js';
import { inSlices } from '../in-slices.js';
import type { PriceBook } from '../market/price-book.js';
import { dayAt } from '../market/price-day.js';
import { questionText, resultKey } from './content-key.js';
import { PortfolioWindows } from './portfolio-windows.service.js';
import { type Stamped, stampedText, unstampedText, type Written } from './reply-text.js';
import type { PortfolioInputs, PortfolioWindow } from './var-reply.js';
import type { VarRequest } from './var-request.schema.js';

/** Of more positions a reply takes longer to write than the event loop should be held up. */
const CACHED_POSITIONS_MAX = 2_000;
/** Characters of questions whose keys are remembered. */
const QUESTIONS_LENGTH_MAX = 4_194_304;

/** What a method needs to measure a portfolio. */
export interface Measurement<Reply, Instead = never> {
  readonly method: string;
  readonly request: VarRequest;
  readonly warmUpDays?: number;
  compute(portfolio: PortfolioWindow): Promise<Reply>;
  /** What is answered instead of a reply that takes too long to be waited for; undefined for others. */
  instead?(inputs: PortfolioInputs): Promise<Instead> | undefined;
}

/**
 * Replies from the cache. Their key holds all they depend on: the request, what is held at which marks, and the closes.
 * Whatever changes makes another key, so that a reply found is what would be computed now.
 */
@Injectable()
export class VarResults {
  /** Of questions that came before, at this book. */
  private keys: { readonly book: PriceBook; readonly byQuestion: LRUCache<string, string> } | undefined;

  constructor(
    private readonly windows: PortfolioWindows,
    private readonly cache: Cache,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Throws `account_not_found`, `no_positions`, `currency_mismatch`, `unknown_symbol`, `no_price`, `insufficient_data`,
   * and what the computation throws.
   */
  async of<Reply extends Stamped, Instead = never>(
    measurement: Measurement<Reply, Instead>,
  ): Promise<Written<Reply> | Instead> {
    const { method, request, warmUpDays = 0 } = measurement;
    // Asked for each time: another instance may have changed any of it.
    const moment = await this.windows.moment(request);
    const compute = async (inputs: PortfolioInputs) =>
      measurement.compute(await this.windows.build(request, inputs, { warmUpDays }));
    const question = questionText({ method, request, moment, settings: this.settings() });
    const keys = this.keysAt(moment.book);
    let key = keys.get(question);
    if (key === undefined) {
      const inputs = await this.windows.inputs(request, moment);
      const instead = measurement.instead?.(inputs);
      if (instead) return instead;
      if (inputs.lines.length > CACHED_POSITIONS_MAX) return compute(inputs);
      key = await inSlices(resultKey(question, inputs));
      keys.set(question, key);
    }
    const load = async () => unstampedText(await compute(await this.windows.inputs(request, moment)));
    const { value, level, ageMs } = await this.cache.resolve(`var_results:${key}`, load);
    return stampedText<Reply>(value, { cache: level === null ? 'miss' : 'hit', cache_age_ms: Math.round(ageMs) });
  }

  private settings() {
    const { confidenceLevel } = this.config.risk;
    return { confidenceLevel, today: dayAt(this.clock.now().getTime()), serviceVersion: SERVICE_VERSION };
  }

  private keysAt(book: PriceBook): LRUCache<string, string> {
    if (this.keys?.book !== book) {
      const byQuestion = new LRUCache<string, string>({
        maxSize: QUESTIONS_LENGTH_MAX,
        sizeCalculation: (_key, question) => question.length,
      });
      this.keys = { book, byQuestion };
    }
    return this.keys.byQuestion;
  }
}
