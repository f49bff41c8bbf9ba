import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const START_MS_MAX = 60_000;

export interface Reply<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

/** The built service as a process of its own, on a free port and its own data directory. */
export class ServiceProcess {
  url = '';
  readonly lines: string[] = [];

  private constructor(
    readonly child: ChildProcess,
    readonly dataDir: string,
  ) {
    for (const stream of [child.stdout!, child.stderr!]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (text: string) => {
        const parts = (rest + text).split('\n');
        rest = parts.pop()!;
        this.lines.push(...parts);
      });
    }
  }

  /**
   * Starts it; resolves when it is ready, or with `until` when that text was logged, or when it has ended. With `cwd` it
   * runs in that folder with its own defaults: `env` is all it gets.
   */
  static async start(
    env: Record<string, string> = {},
    { until = 'Ready.', cwd }: { until?: string; cwd?: string } = {},
  ): Promise<ServiceProcess> {
    if (!existsSync(MAIN)) throw new Error('The service is not built: npm run build');
    const dataDir = cwd ? join(cwd, 'data') : (env['DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'redfire-e2e-')));
    const given = cwd ? {} : { PORT: '0', DATA_DIR: dataDir };
    const child = spawn(process.execPath, [MAIN], {
      cwd: cwd ?? tmpdir(),
      env: { PATH: process.env['PATH'], ...given, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const service = new ServiceProcess(child, dataDir);
    await service.logged(until);
    service.url = /Listening on (http:\S+)/.exec(service.output)?.[1] ?? '';
    return service;
  }

  get output(): string {
    return this.lines.join('\n');
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Waits until `text` was logged or the process has ended. */
  async logged(text: string): Promise<void> {
    const deadline = Date.now() + START_MS_MAX;
    while (!this.output.includes(text) && !this.ended) {
      if (Date.now() > deadline) throw new Error(`"${text}" was not logged:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async request<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<Body>> {
    const isText = typeof body === 'string';
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(body !== undefined && !isText && { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : isText ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body };
  }

  get = <Body = Record<string, unknown>>(path: string) => this.request<Body>('GET', path);
  post = <Body = Record<string, unknown>>(path: string, body: unknown) => this.request<Body>('POST', path, body);

  /** Polls the job until it has ended. */
  async finishedJob(jobId: string): Promise<Record<string, unknown>> {
    for (;;) {
      const { body } = await this.get(`/v1/jobs/${jobId}`);
      if (!['QUEUED', 'RUNNING'].includes(String(body['status']))) return body;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Sends the signal and waits for the end; returns the exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    if (!this.ended) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
    return this.child.exitCode ?? this.child.signalCode ?? 'unknown';
  }

  /** Ends it and removes its data. */
  async destroy(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
