import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LockFile } from '../../../src/database/embedded/lock-file.js';
import { ownIdentity, type ProcessIdentity } from '../../../src/database/process-identity.js';
import { DatabaseRefusedError } from '../../../src/database/unavailable.js';
import { temporaryDirectory } from '../../support/database.js';

// What a process is, beyond its pid, is read from /proc; other systems have none, and there the pid alone decides.
const onLinux = process.platform === 'linux' ? it : it.skip;

describe('the lock file', () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let path: string;
  let taken: LockFile | undefined;
  const heldBy = (holder: Partial<ProcessIdentity>) =>
    writeFileSync(path, JSON.stringify({ ...ownIdentity(), ...holder }));
  const holder = (): ProcessIdentity => JSON.parse(readFileSync(path, 'utf8'));
  const acquire = async () => {
    taken = await LockFile.acquire(path);
    return taken;
  };

  beforeEach(() => {
    directory = temporaryDirectory();
    path = join(directory.path, 'lock');
  });
  afterEach(() => {
    taken?.release();
    taken = undefined;
    directory.remove();
  });

  it('names its holder and goes with it', async () => {
    const lock = await acquire();
    expect(holder()).toEqual(ownIdentity());
    lock.release();
    expect(existsSync(path)).toBe(false);
  });

  it('refuses while the holder lives, saying who holds it and what to do', async () => {
    heldBy({});
    const refused = acquire();
    await expect(refused).rejects.toThrow(DatabaseRefusedError);
    await expect(refused).rejects.toThrow(`${directory.path} is in use by process ${process.pid} (lock file ${path})`);
  });

  it('is taken over from a process that is dead', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    heldBy({ pid });
    await acquire();
    expect(holder().pid).toBe(process.pid);
  });

  onLinux('is taken over when the pid belongs to a later process', async () => {
    heldBy({ pid: process.pid, startTime: '1' });
    await acquire();
    expect(holder()).toEqual(ownIdentity());
  });

  onLinux('is taken over from a zombie', async () => {
    // The shell becomes a sleep, which never reaps the child that it inherits.
    const parent: ChildProcess = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = Number(await new Promise((resolve) => parent.stdout?.once('data', resolve)));
    while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) await sleep(10);
    heldBy({ pid, startTime: null });
    await acquire();
    expect(holder().pid).toBe(process.pid);
    parent.kill();
  });

  it('is taken over when it was cut short', async () => {
    writeFileSync(path, '{"pid":');
    utimesSync(path, 0, 0);
    await acquire();
    expect(holder().pid).toBe(process.pid);
  }, 20_000);

  it('is refused while a process of another container touches it', async () => {
    heldBy({ pid: 1, realm: 'another container' });
    const touching = setInterval(() => utimesSync(path, new Date(), new Date()), 300);
    await expect(acquire()).rejects.toThrow(/in use by process 1 of another host or container/);
    clearInterval(touching);
  }, 20_000);

  it('goes to exactly one of many that find it stale together', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    heldBy({ pid });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => LockFile.acquire(path)));
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    taken = winners[0]?.value;
  });
});
