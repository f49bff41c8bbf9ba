import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first directory that holds all of the programs: of PATH, then of the places where packages put them. */
export function findPrograms(
  programs: readonly string[],
  extraDirectories: readonly string[] = [],
): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return [...onPath, ...extraDirectories].find((directory) =>
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

/** Installs Debian packages where this user may; else throws the one command that somebody has to run. */
export function installPackages({ apt, brew }: { apt: string; brew: string }): void {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const mayInstall = findPrograms(['apt-get']) && (asRoot.length === 0 || run(['sudo', '-n', 'true']));
  if (!mayInstall) {
    const command = process.platform === 'darwin' ? `brew install ${brew}` : `sudo apt-get install -y ${apt}`;
    throw new Error(
      `The tests need ${apt}, which is not installed and may not be installed from here. Run: ${command}`,
    );
  }
  process.stderr.write(`Installing ${apt} by apt-get …\n`);
  const environment = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive'];
  run([...environment, 'apt-get', 'update', '-q']);
  if (
    !run([
      ...environment,
      'apt-get',
      'install',
      '-y',
      '-q',
      '--no-install-recommends',
      '-o',
      'Dpkg::Options::=--force-confold',
      apt,
    ])
  ) {
    throw new Error(
      `apt-get could not install ${apt}. Run it by hand and look at its reason: sudo apt-get install -y ${apt}`,
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
