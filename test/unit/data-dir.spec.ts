import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../src/config.js';
import { requireDataDir } from '../../src/data-dir.js';

describe('the data directory', () => {
  const parent = mkdtempSync(join(tmpdir(), 'redfire-data-dir-'));
  const file = join(parent, 'file');
  writeFileSync(file, '');
  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  it('is made where it is missing, private, and left empty', async () => {
    const path = join(parent, 'a', 'b');
    await requireDataDir(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    await requireDataDir(path);
    expect(readdirSync(path)).toEqual([]);
  });

  // Not even root can make a folder in /proc/self, although its permission bits allow it.
  it.each([file, join(file, 'below'), ...(existsSync('/proc/self') ? ['/proc/self', '/proc/nowhere'] : [])])(
    'is refused in words where nothing can be written to it: %s',
    async (path) => {
      const words = `✗ DATA_DIR: got ${JSON.stringify(path)}, expected a folder that the service can write to (E`;
      await expect(requireDataDir(path)).rejects.toThrow(ConfigError);
      await expect(requireDataDir(path)).rejects.toThrow(words);
    },
  );
});
