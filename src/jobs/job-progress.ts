/** Before this share of the work an estimate would be a guess. */
const PERCENT_ESTIMABLE_MIN = 2;
const ELAPSED_MS_MIN = 500;

/** Progress of one job: percent over all phases by their expected shares, and the time left at the pace so far. */
export class JobProgress {
  phase: string | null = null;
  private share = 0;

  constructor(
    private readonly phases: Readonly<Record<string, number>>,
    private readonly startedMs: number,
  ) {}

  /** Never goes back, whatever is reported. */
  report(phase: string, done: number, total: number): void {
    this.phase = phase;
    const within = total > 0 ? Math.min(Math.max(done / total, 0), 1) : 0;
    this.share = Math.max(this.share, this.shareOf(phase, within));
  }

  /** 0 … 99: only a finished job is at 100. */
  get percent(): number {
    return Math.min(99, Math.floor(this.share * 100));
  }

  etaSeconds(nowMs: number): number | null {
    const elapsedMs = nowMs - this.startedMs;
    if (this.percent < PERCENT_ESTIMABLE_MIN || elapsedMs < ELAPSED_MS_MIN) return null;
    return Math.ceil((elapsedMs * (1 - this.share)) / this.share / 1000);
  }

  private shareOf(phase: string, within: number): number {
    const names = Object.keys(this.phases);
    const at = names.indexOf(phase);
    if (at < 0) return within;
    const weights = Object.values(this.phases);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    const before = weights.slice(0, at).reduce((sum, weight) => sum + weight, 0);
    return (before + within * weights[at]!) / all;
  }
}
