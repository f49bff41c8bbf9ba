import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findPrograms, installPackage, programDirectories, versionedDirectories } from '../install.js';

const JAVA_VERSION_MIN = 17;
const FETCH_MS_MAX = 300_000;

const pom = fileURLToPath(new URL('pom.xml', import.meta.url));
const cache = fileURLToPath(new URL('../../../node_modules/.cache/redfire-risk/', import.meta.url));

/** The folder with the broker's jars. The first call has Maven fetch them, 43 MB. */
export async function kafkaJars(java: string): Promise<string> {
  const version = /<version>(.+?)<\/version>/.exec(readFileSync(pom, 'utf8'))?.[1];
  const directory = join(cache, `kafka-${version}`);
  if (existsSync(directory)) return directory;
  const maven = mavenProgram();
  mkdirSync(cache, { recursive: true });
  const incoming = mkdtempSync(join(cache, 'fetching-kafka-'));
  process.stderr.write(`Fetching Apache Kafka ${version} by Maven …\n`);
  try {
    const options = [
      '-q',
      '-B',
      '-C',
      '-f',
      pom,
      '-DincludeScope=runtime',
      `-DoutputDirectory=${join(incoming, 'jars')}`,
    ];
    await promisify(execFile)(maven, [...options, 'dependency:copy-dependencies'], {
      env: { ...process.env, JAVA_HOME: dirname(dirname(realpathSync(java))) },
      timeout: FETCH_MS_MAX,
    });
    renameSync(join(incoming, 'jars'), directory);
  } catch (error) {
    // Another process may have been faster; a complete folder is a complete folder.
    if (!existsSync(directory)) {
      const { stdout, message } = error as Error & { stdout?: string };
      throw new Error(
        `Maven could not fetch Apache Kafka ${version}. Where Maven Central is not reachable, ~/.m2/settings.xml names ` +
          `another repository.\n${stdout?.trim() || message}`,
      );
    }
  } finally {
    rmSync(incoming, { recursive: true, force: true });
  }
  return directory;
}

/** Where the classes of these jars stand as Java has them in memory, once a rehearsal wrote them there. */
export function classArchive(jars: string): string {
  return `${jars}.jsa`;
}

let java: string | undefined;

/** A Java that can run Kafka; installs one where there is none at all. */
export function javaProgram(): string {
  java ??= suitableJava();
  return java;
}

function suitableJava(): string {
  const found = findJava();
  if (found.suitable) return found.suitable;
  if (found.tooOld.length > 0) {
    throw new Error(
      `Kafka needs Java ${JAVA_VERSION_MIN} or later; there is ${found.tooOld.join(', ')}. Install a later one ` +
        '(Debian and Ubuntu: sudo apt-get install -y openjdk-17-jre-headless; macOS: brew install openjdk@21) ' +
        'or let JAVA_HOME name it.',
    );
  }
  installPackage({ apt: ['openjdk-21-jre-headless', 'openjdk-17-jre-headless'], brew: 'openjdk@21' });
  const { suitable } = findJava();
  if (!suitable) throw new Error(`Java was installed, yet none of version ${JAVA_VERSION_MIN} or later is to be found`);
  return suitable;
}

function findJava(): { suitable?: string; tooOld: string[] } {
  const home = process.env['JAVA_HOME'];
  const directories = programDirectories(
    ['java'],
    [
      ...versionedDirectories('/usr/lib/jvm', 'java-'),
      ...versionedDirectories('/opt/homebrew/opt', 'openjdk@'),
      ...versionedDirectories('/usr/local/opt', 'openjdk@'),
    ],
  );
  const tooOld: string[] = [];
  for (const directory of home ? [join(home, 'bin'), ...directories] : directories) {
    const java = join(directory, 'java');
    const version = javaVersion(java);
    if (version >= JAVA_VERSION_MIN) return { suitable: java, tooOld };
    if (version > 0) tooOld.push(`${java} of version ${version}`);
  }
  return { tooOld };
}

/** 8, 17, 21, …; 0 for a placeholder such as the one of macOS, which only says that Java is missing. */
function javaVersion(java: string): number {
  const { stderr } = spawnSync(java, ['-version'], { encoding: 'utf8', timeout: 20_000 });
  return Number(/version "(?:1\.)?(\d+)/.exec(stderr ?? '')?.[1] ?? 0);
}

function mavenProgram(): string {
  const find = () => findPrograms(['mvn'], ['/opt/homebrew/bin', '/usr/local/bin']);
  let directory = find();
  if (!directory) {
    installPackage({ apt: ['maven'], brew: 'maven' });
    directory = find();
  }
  if (!directory) throw new Error('Maven was installed, yet its program mvn is nowhere to be found');
  return join(directory, 'mvn');
}
