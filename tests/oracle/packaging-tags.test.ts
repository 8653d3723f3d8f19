/** Tags of wheels held to the answers of `packaging.tags`, and platforms by name to the real uv's. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import {
  createTagPriorities,
  evaluateMarker,
  formatTag,
  parseMarker,
  parseTagSet,
  platformOfName,
  platformTags,
  supportedTags,
  tagPriority,
  targetPlatformNames,
  type DeploymentTargets,
  type InterpreterTagFacts,
  type Platform,
} from '@shoal/packaging';

import { askPython } from '../support/ask-python.ts';
import { pythonTools } from '../support/python-tools.ts';
import { assertSameAnswers } from '../support/same-answers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const MACHINES = ['x86_64', 'i686', 'aarch64', 'armv7l', 'ppc64le', 's390x'];

test('platformTags() of glibc 2.5 to 2.42 and of musl 1.0 to 1.2 are those of packaging, on six machines', async () => {
  const cases = MACHINES.flatMap((machine) => [
    ...range(5, 42).map((minor) => ({ os: 'manylinux', major: 2, minor, arch: machine }) as const),
    ...range(0, 2).map((minor) => ({ os: 'musllinux', major: 1, minor, arch: machine }) as const),
  ]);

  const theirs = await askPython<string[][]>(
    `
from packaging import tags, _manylinux, _musllinux
_manylinux._have_compatible_abi = lambda *_: True
def row(case):
    libc = (case["major"], case["minor"])
    is_glibc = case["os"] == "manylinux"
    _manylinux._get_glibc_version = lambda: _manylinux._GLibCVersion(*libc) if is_glibc else _manylinux._GLibCVersion(-1, -1)
    _musllinux._get_musl_version = lambda _: None if is_glibc else _musllinux._MuslVersion(*libc)
    machine = case["arch"]
    tags.sysconfig.get_platform = lambda: "linux-" + machine
    return list(tags._linux_platforms(is_32bit=False))
answer = [row(case) for case in data]`,
    cases,
  );

  assertSameAnswers(
    cases.map((platform) => platformTags(platform)),
    theirs,
    { questions: cases },
  );
});

test('platformTags() of macOS 10.4 to 26 and of iOS 11 to 26 are those of packaging', async () => {
  const versions = [
    ...range(4, 15).map((minor) => [10, minor]),
    ...range(11, 26).flatMap((major) => [0, 3].map((minor) => [major, minor])),
  ];
  const macs = versions.flatMap(([major = 0, minor = 0]) =>
    (major < 11 ? ['x86_64', 'i686'] : ['x86_64', 'arm64']).map(
      (arch) => ({ os: 'macos', major, minor, arch }) as const,
    ),
  );
  const phones = range(11, 26).flatMap((major) =>
    [true, false].map((isSimulator) => ({ os: 'ios', major, minor: 4, isSimulator, arch: 'arm64' }) as const),
  );
  const cases = [...macs, ...phones];

  const theirs = await askPython<string[][]>(
    `
from packaging import tags
def row(case):
    version = (case["major"], case["minor"])
    if case["os"] == "ios": return list(tags.ios_platforms(version, "arm64_" + ("iphonesimulator" if case["isSimulator"] else "iphoneos")))
    return list(tags.mac_platforms(version, {"i686": "i386"}.get(case["arch"], case["arch"])))
answer = [row(case) for case in data]`,
    cases,
  );

  assertSameAnswers(
    cases.map((platform) => platformTags(platform)),
    theirs,
    { questions: cases },
  );
});

const PLATFORMS: readonly Platform[] = [
  { os: 'manylinux', major: 2, minor: 28, arch: 'x86_64' },
  { os: 'macos', major: 14, minor: 2, arch: 'arm64' },
  { os: 'windows', arch: 'amd64' },
];

test('supportedTags() of CPython 3.7 to 3.15, with and without the GIL, and of PyPy are those of packaging, in its order', async () => {
  const cases = PLATFORMS.flatMap((platform) => [
    ...range(7, 15).map((minor) => facts(minor, { platform })),
    ...range(13, 15).map((minor) => facts(minor, { platform, gilDisabled: true })),
    facts(12, { platform, debug: true }),
    facts(13, { platform, debug: true, gilDisabled: true }),
    facts(10, { platform, implementation: 'pypy', implementationVersion: [7, 3] }),
  ]);

  const theirs = await askPython<string[][]>(
    `
from packaging import tags
def row(facts, platforms):
    version = tuple(facts["version"])
    if facts["implementation"] == "pypy":
        # As uv, shoal takes no wheel that names PyPy without its ABI.
        own = tags.generic_tags("pp%d%d" % version, ["pypy%d%d_pp%d%d" % (*version, *facts["implementationVersion"])], platforms)
        return [str(t) for t in [*own, *tags.compatible_tags(version, None, platforms)] if not (t.interpreter[:2] == "pp" and t.abi == "none")]
    config = {"Py_DEBUG": facts["debug"], "Py_GIL_DISABLED": facts["gilDisabled"], "WITH_PYMALLOC": True}
    tags._get_config_var = lambda name, warn=False: config[name]
    return [str(t) for t in [*tags.cpython_tags(version, None, platforms), *tags.compatible_tags(version, "cp%d%d" % version, platforms)]]
answer = [row(*case) for case in data]`,
    cases.map((one) => [one, platformTags(one.platform)]),
  );

  assertSameAnswers(
    cases.map((one) => supportedTags(one).map(formatTag)),
    theirs,
    { questions: cases },
  );
});

test('parseTagSet() expands compressed sets as packaging.tags.parse_tag() does', async () => {
  const texts = [
    'py2.py3-none-any',
    'cp312-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64',
    'CP39-CP39-Win_AMD64',
    'py3-none',
    'a-b-c-d',
  ];
  const theirs = await askPython<(string[] | null)[]>(
    `
from packaging.tags import parse_tag
def row(text):
    try: return sorted(map(str, parse_tag(text)))
    except ValueError: return None
answer = [row(text) for text in data]`,
    texts,
  );
  assertSameAnswers(
    texts.map((text) => parseTagSet(text)?.map(formatTag).sort() ?? null),
    theirs,
    { questions: texts },
  );
});

const GLIBC_MINORS = [16, 17, 27, 28, 29, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41];
const LIBRARIES = ['manylinux1', 'manylinux2014', 'musllinux_1_1', 'musllinux_1_2', 'musllinux_1_3', 'linux'];

/** Platform tags at the borders of what the names of platforms take. */
const PROBES = [
  ...['x86_64', 'aarch64'].flatMap((arch) =>
    [...GLIBC_MINORS.map((minor) => `manylinux_2_${minor}`), ...LIBRARIES].map((kind) => `${kind}_${arch}`),
  ),
  ...[30, 31, 39, 40].map((minor) => `manylinux_2_${minor}_riscv64`),
  ...['10_4', '10_16', '11_0', '13_0', '14_0'].flatMap((version) =>
    ['x86_64', 'arm64', 'universal2'].map((format) => `macosx_${version}_${format}`),
  ),
  'win32',
  'win_amd64',
  'win_arm64',
  'pyodide_2024_0_wasm32',
  'pyemscripten_2024_0_wasm32',
  'pyemscripten_2025_0_wasm32',
  'android_21_arm64_v8a',
  'android_24_x86_64',
  'android_25_arm64_v8a',
  'ios_13_0_arm64_iphoneos',
  'ios_13_1_arm64_iphoneos',
  'ios_12_9_arm64_iphonesimulator',
  'ios_13_0_x86_64_iphonesimulator',
];

const MARKERS = [
  ...['posix', 'nt'].map((value) => `os_name == '${value}'`),
  ...['linux', 'win32', 'darwin', 'android', 'ios', 'emscripten'].map((value) => `sys_platform == '${value}'`),
  ...['Linux', 'Windows', 'Darwin', 'Android', 'iOS', 'Emscripten'].map((value) => `'${value}' in platform_system`),
  ...['x86_64', 'AMD64', 'ARM64', 'arm64', 'aarch64', 'x86', 'riscv64', 'wasm32'].map(
    (value) => `platform_machine == '${value}'`,
  ),
  ...['', '3.1.58', '4.0.9'].map((value) => `platform_release in '${value}'`),
  ...['', '#1'].map((value) => `platform_version in '${value}'`),
];

test('platformOfName() takes the wheels and answers the markers that the real uv does, for every name of --python-platform', async (t) => {
  const folder = temporaryFolder(t);
  writeProbes(folder);

  for (const name of targetPlatformNames) assert.deepEqual(expectedPins(name), await compileFor(name, folder), name);
});

test('platformOfName() takes deployment targets as the real uv does from its variables', async (t) => {
  const folder = temporaryFolder(t);
  writeProbes(folder);
  const targets = { macos: [14, 2], ios: [12, 1], androidApiLevel: 30 } as const;
  const variables = { MACOSX_DEPLOYMENT_TARGET: '14.2', IPHONEOS_DEPLOYMENT_TARGET: '12.1', ANDROID_API_LEVEL: '30' };
  for (const name of ['macos', 'x86_64-apple-darwin', 'arm64-apple-ios', 'aarch64-linux-android'])
    assert.deepEqual(expectedPins(name, targets), await compileFor(name, folder, variables), name);
});

test('targetPlatformNames are those that the real uv lists, in its order', async () => {
  const { uv } = await pythonTools();
  const refused = promisify(execFile)(uv, ['pip', 'compile', 'all.in', '--python-platform', 'unknown']);
  await assert.rejects(refused, (error: Error & { stderr: string }) => {
    const [, names = ''] = /\[possible values: ([^\]]*)\]/.exec(error.stderr) ?? [];
    assert.deepEqual(targetPlatformNames, names.split(', '));
    return true;
  });
});

function writeProbes(folder: string): void {
  for (const [index, platform] of PROBES.entries())
    writeWheels(folder, `p${index}`, [
      ['2', `py3-none-${platform}`],
      ['1', 'py3-none-any'],
    ]);
  for (const index of MARKERS.keys()) writeWheels(folder, `m${index}`, [['1', 'py3-none-any']]);
  const lines = [...PROBES.map((_, index) => `p${index}`), ...MARKERS.map((marker, index) => `m${index} ; ${marker}`)];
  writeFileSync(join(folder, 'all.in'), `${lines.join('\n')}\n`);
}

function writeWheels(folder: string, name: string, wheels: readonly (readonly [string, string])[]): void {
  for (const [version, tag] of wheels) {
    const wheel = buildWheel({ name, version, tag });
    writeFileSync(join(folder, wheel.filename), wheel.content);
  }
}

async function compileFor(
  name: string,
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const { uv, python } = await pythonTools();
  const words =
    'pip compile all.in --no-index --find-links . --no-annotate --no-header --python-version 3.12 --python-platform';
  const { stdout } = await promisify(execFile)(uv, [...words.split(' '), name, '--python', python], {
    cwd: folder,
    env: { ...process.env, UV_CACHE_DIR: join(folder, 'cache'), UV_PYTHON_DOWNLOADS: 'never', ...variables },
  });
  return stdout.trim().split('\n').sort();
}

function expectedPins(name: string, targets?: DeploymentTargets): string[] {
  const target = platformOfName(name, targets);
  assert.ok(target !== undefined, name);
  const priorities = createTagPriorities(supportedTags(facts(12, { platform: target.platform })));
  const python = {
    implementation_name: 'cpython',
    implementation_version: '3.12.0',
    platform_python_implementation: 'CPython',
    python_full_version: '3.12.0',
    python_version: '3.12',
  };
  const probes = PROBES.map((platform, index) => {
    const isTaken = tagPriority(priorities, { pythons: ['py3'], abis: ['none'], platforms: [platform] }) !== undefined;
    return `p${index}==${isTaken ? 2 : 1}`;
  });
  const held = MARKERS.flatMap((marker, index) =>
    evaluateMarker(parseMarker(marker), { ...target.markers, ...python }) ? [`m${index}==1`] : [],
  );
  return [...probes, ...held].sort();
}

function facts(
  minor: number,
  rest: Partial<InterpreterTagFacts> & Pick<InterpreterTagFacts, 'platform'>,
): InterpreterTagFacts {
  return {
    implementation: 'cpython',
    version: [3, minor],
    implementationVersion: [3, minor],
    gilDisabled: false,
    debug: false,
    manylinuxCompatible: true,
    ...rest,
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
