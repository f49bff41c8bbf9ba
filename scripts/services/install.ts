import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first directory that holds all of the programs: of PATH, then of the places where packages put them. */
export function findPrograms(
  programs: readonly string[],
  extraDirectories: readonly string[] = [],
): string | undefined {
  return programDirectories(programs, extraDirectories)[0];
}

/** Every such directory, for those who have to choose by version. */
export function programDirectories(programs: readonly string[], extraDirectories: readonly string[] = []): string[] {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return [...onPath, ...extraDirectories].filter((directory) =>
    programs.every((program) => isExecutable(join(directory, program))),
  );
}

/** `<parent>/<version>/bin` for every version below a parent, the newest first. */
export function versionedDirectories(parent: string, prefix = ''): string[] {
  if (!existsSync(parent)) return [];
  const versionOf = (name: string) => Number.parseFloat(name.slice(prefix.length));
  return readdirSync(parent)
    .filter((name) => name.startsWith(prefix) && versionOf(name) > 0)
    .sort((a, b) => versionOf(b) - versionOf(a))
    .map((name) => join(parent, name, 'bin'));
}

/**
 * Installs a Debian package where this user may; else throws the one command that somebody has to run. `apt` names
 * alternatives, of which the first that this release has is taken.
 */
export function installPackage({ apt, brew }: { apt: readonly string[]; brew: string }): void {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const mayInstall = findPrograms(['apt-get']) && (asRoot.length === 0 || run(['sudo', '-n', 'true']));
  if (!mayInstall) {
    const commands = apt.map((name) => `sudo apt-get install -y ${name}`);
    throw new Error(
      `${apt.join(' or ')} is needed, which is not installed and may not be installed from here. ` +
        `Run: ${process.platform === 'darwin' ? `brew install ${brew}` : commands.join('   or: ')}`,
    );
  }
  const environment = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive'];
  run([...environment, 'apt-get', 'update', '-q']);
  const name = apt.find((alternative) => spawnSync('apt-cache', ['show', alternative]).status === 0) ?? apt[0];
  process.stderr.write(`Installing ${name} by apt-get …\n`);
  const options = ['-y', '-q', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold'];
  if (!run([...environment, 'apt-get', 'install', ...options, name as string])) {
    throw new Error(
      `apt-get could not install ${name}. Run it by hand and look at its reason: sudo apt-get install -y ${name}`,
    );
  }
}

/** Debian's package would otherwise create and start a server of its own, which nobody asked for. */
export function declineDebianCluster(): void {
  const path = '/etc/postgresql-common/createcluster.conf';
  if (process.getuid?.() !== 0 || existsSync(path)) return;
  mkdirSync('/etc/postgresql-common', { recursive: true });
  writeFileSync(path, 'create_main_cluster = false\n');
}

function run([program, ...options]: readonly string[]): boolean {
  return spawnSync(program as string, options, { stdio: ['ignore', 2, 2] }).status === 0;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
